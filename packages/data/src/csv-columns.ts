import { ArgumentError, FormatError, show } from "@gradus/core";
import { checkDecoded } from "./csv-records.ts";

// Takes linear time: no digit can match in two places.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads the fields of one column, row by row. @internal */
export interface ColumnReader {
  readonly name: string;
  readonly position: number;
  add(field: string, line: number): void;
  finish(): { values: Float64Array; classes?: readonly string[] };
}

/** A column of the file: its name, its position, and the beginning of messages about a field in it. */
interface Column {
  readonly name: string;
  readonly position: number;
  where(line: number): string;
}

/** The readers of the requested columns; `all` are the columns of the file. @internal */
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
        `${who}: columns ${before + 1} and ${position + 1} have the same name, ${show(name)}`,
      );
    }
    positions.set(name, position);
  }
  for (const name of [...(wanted ?? []), ...Object.keys(categories)]) {
    if (positions.has(name)) continue;
    throw new ArgumentError(`${who}: there is no column ${show(name)}. The file has ${show(all)}`);
  }
  const names = new Set(wanted ?? all);
  if (wanted !== undefined && names.size < wanted.length) {
    const repeated = wanted.find((name, i) => wanted.indexOf(name) !== i);
    throw new ArgumentError(`${who}: column ${show(repeated)} is asked for twice`);
  }
  return Array.from(names, (name) => {
    const position = positions.get(name) ?? 0;
    checkDecoded(name, `${who}: the name of column ${position + 1}`);
    const where = (line: number): string => `${who}: line ${line}, column ${position + 1} (${show(name)})`;
    const column = { name, position, where };
    if (!Object.hasOwn(categories, name)) return numberColumn(column);
    const classes = categories[name];
    return classes === "sorted" ? sortedColumn(column) : classColumn(column, classes, who);
  });
}

function numberColumn({ name, position, where }: Column): ColumnReader {
  const values: number[] = [];
  return {
    name,
    position,
    add(field, line) {
      const trimmed = field.trim();
      const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
      if (!Number.isFinite(value)) {
        checkDecoded(field, where(line));
        const reason = trimmed === "" ? "is empty" : Number.isNaN(value) ? "is not a number" : "is too large";
        throw new FormatError(`${where(line)}: ${show(field)} ${reason}`);
      }
      values.push(value);
    },
    finish: () => ({ values: new Float64Array(values) }),
  };
}

function classColumn(
  { name, position, where }: Column,
  classes: readonly string[],
  who: string,
): ColumnReader {
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
    add(field, line) {
      const index = indices.get(field);
      if (index === undefined) {
        checkDecoded(field, where(line));
        throw new FormatError(`${where(line)}: ${show(field)} is none of the classes ${show(classes)}`);
      }
      values.push(index);
    },
    finish: () => ({ values: new Float64Array(values), classes: [...classes] }),
  };
}

function sortedColumn({ name, position, where }: Column): ColumnReader {
  const texts: string[] = [];
  return {
    name,
    position,
    add(field, line) {
      // Bytes that could not be decoded all become U+FFFD: different texts would be one class.
      if (field.includes("\uFFFD")) checkDecoded(field, where(line));
      texts.push(field);
    },
    finish() {
      const classes = [...new Set(texts)].sort();
      const indices = new Map(classes.map((text, i) => [text, i]));
      return { values: Float64Array.from(texts, (text) => indices.get(text) ?? 0), classes };
    },
  };
}
