import type { Layout } from "./drawing.ts";
import type { Recording } from "./record.ts";

/** A program of the page, and what it did when the site was built. */
export interface Example {
  /** Its file without number and ending; it is part of links. */
  readonly name: string;
  readonly title: string;
  /** Its first comment: what one can see in it. */
  readonly about: string;
  readonly source: string;
  readonly recorded: Recorded;
}

/** A recording with a drawing for each depth that has one. */
export interface Recorded extends Recording {
  readonly layouts: { readonly layers: Layout | null; readonly ops: Layout | null };
}

/** What the walk says about an op: its formula and the source of its rules, from the catalogue. */
export interface OpFacts {
  readonly formula: string;
  /** One for each input; null if it is made of other ops. */
  readonly rules: readonly string[] | null;
  readonly file: string;
  readonly first: number;
  /** Whether it repeats its operands to a common shape. */
  readonly broadcasts: boolean;
}

/** By the name of the op. */
export type Facts = Readonly<Record<string, OpFacts>>;
