import { ArgumentError, FormatError, show } from "@gradus/core";
import { shorten } from "./csv-records.ts";

// Linear in the length of the text: no digit can match in two places.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Takes the fields of one column as they come. @internal */
export interface ColumnReader {
  readonly name: string;
  readonly position: number;
  add(field: string, where: string): void;
  finish(): { values: Float64Array; classes?: readonly string[] };
}

/** The readers of the columns asked for, out of `all` of the file. @internal */
export function chooseColumns(
  all: readonly string[],
  wanted: readonly string[] | undefined,
  categories: Readonly<Record<string, readonly string[] | "sorted">>,
  who: string,
): ColumnReader[] {
  const positions = new Map<string, number>();
  for (const [position, name] of all.entries()) {
    const before = positions.get(name);
    if (before !== undefined) {
      throw new FormatError(
        `${who}: columns ${before + 1} and ${position + 1} have the same name, ${shorten(name)}`,
      );
    }
    positions.set(name, position);
  }
  for (const name of [...(wanted ?? []), ...Object.keys(categories)]) {
    if (positions.has(name)) continue;
    throw new ArgumentError(`${who}: there is no column ${show(name)}. The file has ${show(all)}`);
  }
  const names = wanted ?? all;
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new ArgumentError(`${who}: column ${show(repeated)} is asked for twice`);
  return names.map((name) => {
    const position = positions.get(name) ?? 0;
    if (!Object.hasOwn(categories, name)) return numberColumn(name, position);
    const classes = categories[name];
    return classes === "sorted" ? sortedColumn(name, position) : classColumn(name, position, classes, who);
  });
}

function numberColumn(name: string, position: number): ColumnReader {
  const values: number[] = [];
  return {
    name,
    position,
    add(field, where) {
      const trimmed = field.trim();
      const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
      if (!Number.isFinite(value)) {
        const reason = trimmed === "" ? "is empty" : Number.isNaN(value) ? "is not a number" : "is too large";
        throw new FormatError(`${where}: ${shorten(field)} ${reason}`);
      }
      values.push(value);
    },
    finish: () => ({ values: Float64Array.from(values) }),
  };
}

function classColumn(name: string, position: number, classes: readonly string[], who: string): ColumnReader {
  const given =
    Array.isArray(classes) && classes.length > 0 && classes.every((text) => typeof text === "string");
  if (!given || new Set(classes).size !== classes.length) {
    throw new ArgumentError(
      `${who}: categories of ${show(name)} must be "sorted" or a list of different texts, got ${show(classes)}`,
    );
  }
  const indices = new Map(classes.map((text, i) => [text, i]));
  const values: number[] = [];
  return {
    name,
    position,
    add(field, where) {
      const index = indices.get(field);
      if (index === undefined)
        throw new FormatError(`${where}: ${shorten(field)} is none of the classes ${show(classes)}`);
      values.push(index);
    },
    finish: () => ({ values: Float64Array.from(values), classes: [...classes] }),
  };
}

function sortedColumn(name: string, position: number): ColumnReader {
  const texts: string[] = [];
  return {
    name,
    position,
    add: (field) => {
      texts.push(field);
    },
    finish() {
      const classes = [...new Set(texts)].sort();
      const indices = new Map(classes.map((text, i) => [text, i]));
      return { values: Float64Array.from(texts, (text) => indices.get(text) ?? 0), classes };
    },
  };
}
