import { ArgumentError, FormatError, type PerInput, show } from "@gradus/core";
import type { ColumnReader } from "./column-readers.ts";
import { Dataset } from "./dataset.ts";
import { type InputColumn, widthOf } from "./input-columns.ts";
import { inputList } from "./input-list.ts";

/** Named columns of numbers. */
export interface Table {
  /** The columns in the requested order, or in that of the file. */
  readonly names: readonly string[];
  /** Number of rows, without the header and without dropped rows. */
  readonly size: number;
  /** The `size` numbers of each column; class indices for a column of text. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** The classes of each column of text: index i stands for `categories.get(name)[i]`. */
  readonly categories: ReadonlyMap<string, readonly string[]>;
  /** The number that took the place of missing values, for each column that has one. */
  readonly missing: ReadonlyMap<string, number>;
}

/** The numbers of a table while it is read, row by row, in one array that grows. @internal */
export class TableRows {
  readonly #width: number;
  readonly #who: string;
  #numbers: Float64Array = new Float64Array(0);
  #size = 0;

  constructor(width: number, who: string) {
    this.#width = width;
    this.#who = who;
  }

  /** Adds a row, unless one of its values drops it. @param read the number of column j; undefined drops the row. */
  add(read: (j: number) => number | undefined): void {
    const start = this.#size * this.#width;
    if (start + this.#width > this.#numbers.length) this.#grow(start + this.#width);
    let whole = true;
    for (let j = 0; j < this.#width; j++) {
      const number = read(j);
      if (number === undefined) whole = false;
      else this.#numbers[start + j] = number;
    }
    if (whole) this.#size++;
  }

  #grow(least: number): void {
    const larger = allocate(Math.max(least, Math.ceil(1.5 * this.#numbers.length)), this.#who);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  /** The table of all rows; the readers complete their columns. */
  table(readers: readonly ColumnReader[]): Table {
    const [size, width] = [this.#size, this.#width];
    const all = allocate(size * width, this.#who);
    const columns = readers.map((reader, j) => {
      const values = all.subarray(j * size, (j + 1) * size);
      for (let i = 0; i < size; i++) values[i] = this.#numbers[i * width + j];
      return [reader.name, reader.finish(values)] as const;
    });
    const known = <T>(of: (column: ReturnType<ColumnReader["finish"]>) => T | undefined): Map<string, T> =>
      new Map(
        columns.flatMap(([name, column]) => {
          const value = of(column);
          return value === undefined ? [] : [[name, value] as const];
        }),
      );
    return {
      names: readers.map(({ name }) => name),
      size,
      columns: known(({ values }) => values),
      categories: known(({ classes }) => classes),
      missing: known(({ missing }) => missing),
    };
  }
}

/** Throws an error of gradus where JavaScript has no room. */
function allocate(length: number, who: string): Float64Array {
  try {
    return new Float64Array(length);
  } catch {
    throw new FormatError(
      `${who}: there is no memory for ${length} numbers of 8 bytes. Read fewer columns, or the file in parts`,
    );
  }
}

/**
 * A dataset from columns of a table. Inputs that are columns of text become one number for each class, 1 for the class of
 * the row; a target that is one gives the dataset its classes. @internal
 */
export function tableDataset(
  table: Table,
  inputs: PerInput<string, readonly string[]> | undefined,
  target: string | readonly string[],
  who: string,
): Dataset<string> {
  const targets = typeof target === "string" ? [target] : target;
  const predicted = new Set(targets);
  const rest = table.names.filter((name) => !predicted.has(name));
  const lists = inputList<readonly string[]>(inputs ?? rest, `${who}: inputs`);
  for (const features of lists.values) {
    if (features.length === 0) throw new ArgumentError(`${who}: there is no input column`);
    for (const name of [...features, ...targets]) {
      if (table.columns.has(name)) continue;
      throw new ArgumentError(`${who}: there is no column ${show(name)}. The table has ${show(table.names)}`);
    }
  }
  const text = typeof target === "string" ? undefined : targets.find((name) => table.categories.has(name));
  if (text !== undefined) {
    throw new ArgumentError(
      `${who}: a list of targets holds numbers, and ${show(text)} is a column of classes. Make it the only target: ` +
        `target: ${show(text)}`,
    );
  }
  const columns = lists.map((features) => columnsOf(table, features, who));
  const classNames = typeof target === "string" ? table.categories.get(target) : undefined;
  return new Dataset<string>({
    inputs: columns.map((list) => encode(table, list, widthOf(list), who)).shown,
    inputShape: columns.map((list) => [widthOf(list)]).shown,
    targets: encode(
      table,
      targets.map((name) => ({ name })),
      targets.length,
      who,
    ),
    targetShape: typeof target === "string" ? [] : [targets.length],
    columns: columns.shown,
    ...(classNames !== undefined && classNames.length > 0 && { classes: classNames.length, classNames }),
  });
}

function columnsOf(table: Table, features: readonly string[], who: string): readonly InputColumn[] {
  if (new Set(features).size < features.length) {
    throw new ArgumentError(`${who}: a column is twice in inputs: ${show(features)}`);
  }
  return features.map((name): InputColumn => {
    const [classes, missing] = [table.categories.get(name), table.missing?.get(name)];
    if (classes !== undefined) return { name, classes };
    return missing === undefined ? { name } : { name, missing };
  });
}

/** The columns in row-major order: the numbers of row 0, then those of row 1, … */
function encode(table: Table, columns: readonly InputColumn[], width: number, who: string): Float64Array {
  const out = allocate(table.size * width, who);
  let start = 0;
  for (const column of columns) {
    const values = table.columns.get(column.name) ?? new Float64Array(0);
    const oneHot = "classes" in column;
    for (let i = 0; i < table.size; i++) {
      if (oneHot) out[i * width + start + values[i]] = 1;
      else out[i * width + start] = values[i];
    }
    start += oneHot ? column.classes.length : 1;
  }
  return out;
}
