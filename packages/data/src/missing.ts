import { ArgumentError, type Range, show, tagOf } from "@gradus/core";

/**
 * The way to treat a missing value: `"drop"` leaves out the row; `"mean"` takes the mean of the column's known values; a
 * number takes its place; `"keep"`, for columns of classes, makes its text a class like others.
 */
export type MissingWay = "drop" | "mean" | "keep" | number;

/** Options for missing values. */
export interface MissingOptions {
  /** The texts that stand for a missing value, such as `["", "?", "NA"]`. Default: none, they are errors. */
  readonly missing?: readonly string[];
  /** The way to treat them: one for all columns, or one for each by name. Default: none, a missing value is an error. */
  readonly onMissing?: MissingWay | Readonly<Record<string, MissingWay>> | undefined;
}

const WAYS = '"drop", "mean", "keep" or a finite number';

function isWay(x: unknown): x is MissingWay {
  return x === "drop" || x === "mean" || x === "keep" || Number.isFinite(x);
}

/** @internal */
export const missingRanges: { missing: Range; onMissing: Range } = {
  missing: {
    says: "must be a list of texts",
    admits: (x) => Array.isArray(x) && Array.from(x).every((text) => typeof text === "string"),
  },
  onMissing: {
    says: `must be ${WAYS}, or an object with one of them for each column`,
    admits: (x) => x === undefined || isWay(x) || isRecord(x),
  },
};

/** Whether a value is an object of named values, not an array, Map or other container. @internal */
export function isRecord(x: unknown): x is object {
  return tagOf(x) === "Object";
}

/** The way of one column. Throws if it does not fit a column of classes, or of numbers. @internal */
export function wayOf(
  onMissing: MissingWay | Readonly<Record<string, MissingWay>> | undefined,
  name: string,
  classes: boolean,
  who: string,
): MissingWay | undefined {
  if (typeof onMissing !== "object") return onMissing;
  const way = Object.hasOwn(onMissing, name) ? onMissing[name] : undefined;
  if (way === undefined || way === "drop") return way;
  if (isWay(way) && classes === (way === "keep")) return way;
  const fitting = classes ? '"drop" or "keep", it has classes' : '"drop", "mean" or a finite number';
  throw new ArgumentError(`${who}: onMissing of column ${show(name)} must be ${fitting}, got ${show(way)}`);
}

/** Throws for a way without the texts it is for. @internal */
export function checkMissing({ missing, onMissing }: MissingOptions, who: string): void {
  if (onMissing === undefined || (missing !== undefined && missing.length > 0)) return;
  throw new ArgumentError(
    `${who}: onMissing needs the option missing, the texts that stand for a missing value, such as ["", "?", "NA"]`,
  );
}
