import { ArgumentError, FormatError, show } from "@gradus/core";
import { checkDecoded } from "./csv-records.ts";
import { checkClasses } from "./input-columns.ts";
import { type MissingWay, wayOf } from "./missing.ts";

/** A source of named values: a CSV text or a list of rows. @internal */
export interface Source {
  readonly who: string;
  /** The source in a message about its names: `The file`. */
  readonly what: string;
  /** The names of all columns. */
  readonly names: readonly string[];
  /** The beginning of messages about a value. */
  where(name: string, position: number, place: number): string;
  /** NaN if the text is not a number. */
  parse(text: string): number;
  /** The end of messages about a text that is not a number. */
  hint(text?: string): string;
}

/** The wishes of the caller. @internal */
export interface Wanted {
  readonly columns: readonly string[] | undefined;
  readonly categories: Readonly<Record<string, readonly string[] | "sorted">>;
  readonly missing: readonly string[];
  readonly onMissing: MissingWay | Readonly<Record<string, MissingWay>> | undefined;
}

/** A column as it was read. @internal */
export interface ReadColumn {
  readonly values: Float64Array;
  readonly classes?: readonly string[];
  /** The number that stands in for missing values. */
  readonly missing?: number | undefined;
}

/** @internal */
export type Value = number | boolean | string | null;

/** Reads the values of one column, row by row. @internal */
export interface ColumnReader {
  readonly name: string;
  readonly position: number;
  /**
   * The number of a value; NaN for one that becomes the mean; undefined if the row is to be dropped.
   *
   * @param value a number, true or false, a text, or null, which is missing.
   */
  read(value: Value, place: number): number | undefined;
  /** Completes the numbers of the column, in place. */
  finish(values: Float64Array): ReadColumn;
}

/** A column "sorted" with more different texts is no column of classes. */
const MAX_CLASSES = 100_000;

interface Column {
  readonly name: string;
  readonly position: number;
  readonly source: Source;
  /** Texts that are missing values, and what is done with them. */
  readonly missing: ReadonlySet<string>;
  readonly way: MissingWay | undefined;
}

/** The readers of the requested columns. @internal */
export function chooseColumns(source: Source, wanted: Wanted): ColumnReader[] {
  const { who, names: all, hint } = source;
  const { columns, categories, onMissing } = wanted;
  const positions = new Map<string, number>();
  for (const [position, name] of all.entries()) {
    const before = positions.get(name);
    if (before !== undefined) {
      throw new FormatError(
        `${who}: columns ${before + 1} and ${position + 1} have the same name, ${show(name)}`,
      );
    }
    positions.set(name, position);
  }
  const ways = typeof onMissing === "object" ? onMissing : {};
  const named = [...Object.keys(categories), ...Object.keys(ways)];
  for (const name of [...(columns ?? []), ...named]) {
    if (positions.has(name)) continue;
    throw new ArgumentError(
      `${who}: there is no column ${show(name)}. ${source.what} has ${show(all)}${hint()}`,
    );
  }
  const chosen = new Set<string>();
  for (const name of columns ?? all) {
    if (chosen.has(name)) throw new ArgumentError(`${who}: column ${show(name)} is asked for twice`);
    chosen.add(name);
  }
  const idle = named.find((name) => !chosen.has(name));
  if (idle !== undefined) {
    const option = Object.hasOwn(categories, idle) ? "categories" : "onMissing";
    throw new ArgumentError(
      `${who}: ${option} names the column ${show(idle)}, which is not among the columns to read: ${show([...chosen])}`,
    );
  }
  const missing = new Set(wanted.missing.map((text) => text.trim()));
  return Array.from(chosen, (name) => {
    const position = positions.get(name) ?? 0;
    checkDecoded(name, `${who}: the name of column ${position + 1}`);
    const classes = Object.hasOwn(categories, name) ? categories[name] : undefined;
    const way = wayOf(onMissing, name, classes !== undefined, who);
    const column = { name, position, source, missing, way };
    if (classes === undefined) return numberColumn(column);
    if (classes === "sorted") return sortedColumn(column);
    checkClasses(classes, `${who}: categories of ${show(name)} must be "sorted" or`);
    return classColumn(column, classes);
  });
}

/** The result for a missing value. */
function missed(column: Column, value: string | null, place: number, numbers: boolean): number | undefined {
  const { name, position, source, way } = column;
  if (way === "drop") return undefined;
  if (numbers && way === "mean") return Number.NaN;
  if (numbers && typeof way === "number") return way;
  const ways = numbers
    ? '"drop" (the row), "mean" (of the column) or a number'
    : '"drop" or "keep" (as a class)';
  const reason = way === undefined ? "is missing" : `is missing, and ${show(way)} does not fit this column`;
  throw new FormatError(
    `${source.where(name, position, place)}: ${show(value)} ${reason}. Set onMissing: { ${show(name)}: … } to ${ways}`,
  );
}

function numberColumn(column: Column): ColumnReader {
  const { name, position, source, missing, way } = column;
  return {
    name,
    position,
    read(given, place) {
      const text = typeof given === "string" ? given.trim() : given;
      if (text === null || (typeof text === "string" && missing.has(text))) {
        return missed(column, text, place, true);
      }
      const value = typeof text === "string" ? source.parse(text) : Number(text);
      if (Number.isFinite(value)) return value;
      const where = source.where(name, position, place);
      checkDecoded(String(text), where);
      const reason = text === "" ? "is empty" : Number.isNaN(value) ? "is not a number" : "is too large";
      const hint = typeof text === "string" ? source.hint(text) : "";
      throw new FormatError(`${where}: ${show(text)} ${reason}${hint}`);
    },
    finish(values) {
      if (way !== "mean") return { values, missing: typeof way === "number" ? way : undefined };
      const mean = meanOfKnown(values);
      for (let i = 0; i < values.length; i++) {
        if (!Number.isNaN(values[i])) continue;
        if (!Number.isFinite(mean)) {
          throw new FormatError(
            `${source.who}: column ${show(name)} has no mean: ${Number.isNaN(mean) ? "no value is known" : "it overflows"}`,
          );
        }
        values[i] = mean;
      }
      return { values, missing: Number.isFinite(mean) ? mean : undefined };
    },
  };
}

/** The mean of the numbers that are not NaN; NaN if there are none. */
function meanOfKnown(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** A column of texts: `indexOf` gives the class of a text. */
function textColumn(
  column: Column,
  indexOf: (text: string, where: () => string) => number,
  finish: ColumnReader["finish"],
): ColumnReader {
  const { name, position, source, missing, way } = column;
  return {
    name,
    position,
    read(given, place) {
      if (given === null || (way !== "keep" && typeof given === "string" && missing.has(given.trim()))) {
        return missed(column, given, place, false);
      }
      return indexOf(String(given), () => source.where(name, position, place));
    },
    finish,
  };
}

function classColumn(column: Column, classes: readonly string[]): ColumnReader {
  const indices = new Map(classes.map((text, i) => [text, i]));
  const indexOf = (text: string, where: () => string): number => {
    const index = indices.get(text);
    if (index !== undefined) return index;
    checkDecoded(text, where());
    throw new FormatError(`${where()}: ${show(text)} is none of the classes ${show(classes)}`);
  };
  return textColumn(column, indexOf, (values) => ({ values, classes: [...classes] }));
}

function sortedColumn(column: Column): ColumnReader {
  /** The texts in the order in which they came. */
  const indices = new Map<string, number>();
  const indexOf = (text: string, where: () => string): number => {
    const known = indices.get(text);
    if (known !== undefined) return known;
    // Bytes that could not be decoded all become U+FFFD: different texts would be one class.
    if (text.includes("\uFFFD")) checkDecoded(text, where());
    if (indices.size === MAX_CLASSES) {
      throw new FormatError(
        `${where()}: more than ${MAX_CLASSES} different texts: this is no column of classes`,
      );
    }
    indices.set(ownText(text), indices.size);
    return indices.size - 1;
  };
  return textColumn(column, indexOf, (values) => {
    const texts = [...indices.keys()];
    const used = new Uint8Array(texts.length); // not all: rows may have been dropped
    for (const index of values) used[index] = 1;
    const classes = texts.filter((_, i) => used[i] === 1).sort();
    const places = new Map(classes.map((text, i) => [text, i]));
    const sorted = texts.map((text) => places.get(text) ?? 0);
    for (let i = 0; i < values.length; i++) values[i] = sorted[values[i]];
    return { values, classes };
  });
}

/** A copy: a part of a text would keep the whole text in memory. @internal */
export function ownText(text: string): string {
  return Array.from(text).join("");
}
