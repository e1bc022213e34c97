import type { VNode } from "preact";
import type { CatalogueEntry } from "../../tools/catalogue/catalogue.ts";
import type { PartGroup } from "../../tools/catalogue/parts.ts";

/** What a page is made from, when the site is built. */
export interface PageData {
  readonly entries: readonly CatalogueEntry[];
  readonly parts: readonly PartGroup[];
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
