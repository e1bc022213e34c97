import type { VNode } from "preact";
import type { CatalogueEntry } from "../../tools/catalogue/catalogue.ts";
import type { PartGroup } from "../../tools/catalogue/parts.ts";
import type { PlannedProgram } from "./compile/program.ts";
import type { Learning } from "./landing/learning.ts";
import type { Example, Facts } from "./walk/example.ts";

/** What a page is made from, when the site is built. */
export interface PageData {
  readonly entries: readonly CatalogueEntry[];
  readonly parts: readonly PartGroup[];
  /** The programs of the walk. */
  readonly walks: readonly Example[];
  readonly facts: Facts;
  /** The programs of the compile page. */
  readonly plans: readonly PlannedProgram[];
  /** The training of the first page, and its program. */
  readonly learning: Learning;
  readonly learningProgram: string;
  /** All pages, in the order of the navigation. */
  readonly pages: readonly Page[];
  /** The address of the first page, such as "../". */
  readonly root: string;
}

/** A page of the site. */
export interface Page {
  /** Its folder with "/" at the end; "" is the first page. */
  readonly path: string;
  readonly title: string;
  /** What one can do there, in one sentence. */
  readonly description: string;
  body(data: PageData): VNode;
}
