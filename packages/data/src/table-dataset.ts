import {
  ArgumentError,
  check,
  nearestName,
  noMore,
  type PerInput,
  type Range,
  ranges,
  resolveOptions,
  show,
  tagOf,
} from "@gradus/core";
import { isNamed } from "@gradus/core/internal";
import type { AnyDataset } from "./any-dataset.ts";
import { chooseColumns, type Value, type Wanted } from "./column-readers.ts";
import {
  type CsvOptions,
  categoriesRange,
  columnNames,
  DEFAULTS,
  parseCsv,
  READING,
  type Reading,
} from "./csv.ts";
import type { Dataset } from "./dataset.ts";
import { nameOf } from "./dataset-options.ts";
import { fieldOf, isMissing, type Row } from "./input-columns.ts";
import { inputList } from "./input-list.ts";
import { isRecord, type MissingOptions, missingRanges } from "./missing.ts";
import { type Table, TableRows, tableDataset } from "./table.ts";

/** The columns that a dataset is made of. */
export interface TableColumns<Names extends string = never> {
  /**
   * The columns of a sample, in this order. For a net with several inputs an object with such a list for each name:
   * `{ place: ["town"], numbers: ["rooms", "area"] }`. Default: all but the target.
   */
  readonly inputs?: PerInput<Names, readonly string[]>;
  /** The column or columns to predict. */
  readonly target: string | readonly string[];
}

/** Options of {@link csvDataset}: its columns, and those of `readCsv` for a source that is text. */
export interface CsvDatasetOptions<Names extends string = never>
  extends Omit<CsvOptions, "columns">,
    TableColumns<Names> {}

interface Columns {
  readonly target: string | readonly string[];
  readonly inputs: PerInput<string, readonly string[]> | undefined;
}

const columnRanges: Readonly<Record<keyof Columns, Range>> = {
  inputs: ranges.optional({
    says: columnNames.says,
    admits: (x) => columnNames.admits(x) || isNamed(x),
  }),
  target: {
    says: "must name a column, or several",
    admits: (x) => typeof x === "string" || (columnNames.admits(x) && (x as string[]).length > 0),
  },
};

/**
 * A {@link Dataset} from columns of a CSV text or of a table of `readCsv` (which ignores the options for reading).
 *
 * An input that is a column of text becomes one number for each class: 1 for the class of the row, 0 for the others
 * (one-hot), in the order of the classes. A target that is one gives the dataset its `classes` and `classNames`.
 *
 * The dataset has `columns`, so that `dataset.preparation.encode({ … })` makes the inputs of a new row. With `onMissing`
 * `"mean"` the means are those of all rows that are read: to keep test rows out of them, read training and test rows from
 * texts of their own.
 *
 * Shapes: inputs `[number of columns, counting each class]`; targets `[]` for one column and `[target.length]` for a list.
 *
 * @throws FormatError as `readCsv`; ArgumentError for an unknown column, a column of text in a list of targets, a column that
 * is both input and target, or if there are no input columns.
 * @example
 * const iris = csvDataset(text, { target: "species", categories: { species: "sorted" } });
 * const [train, test] = iris.split(0.8, createRng("iris"));
 */
export function csvDataset(source: string | Table, options: CsvDatasetOptions): Dataset;
/** With several inputs. @example csvDataset(text, { inputs: { place: ["town"], numbers: ["area"] }, target: "price" }); */
export function csvDataset<Names extends string>(
  source: string | Table,
  options: CsvDatasetOptions<Names>,
): Dataset<Names>;
export function csvDataset(
  source: string | Table,
  options: object,
  ...extra: readonly undefined[]
): AnyDataset {
  noMore("csvDataset", "source, options", extra);
  const { inputs, target, ...reading } = resolveOptions<Reading & Columns>("csvDataset", options, DEFAULTS, {
    ...READING,
    ...columnRanges,
  });
  checkLists(inputs, "csvDataset");
  const table = isRecord(source)
    ? checkedTable(source)
    : parseCsv(source, reading, needed(inputs, target), "csvDataset");
  return tableDataset(table, inputs, target, "csvDataset");
}

function checkedTable(source: object): Table {
  const { names, columns, categories } = source as Partial<Record<keyof Table, unknown>>;
  if (columnNames.admits(names) && [columns, categories].every((map) => tagOf(map) === "Map"))
    return source as Table;
  throw new ArgumentError(
    `csvDataset: needs the text of a CSV file or a table of readCsv, got ${show(source)}`,
  );
}

/** Options of {@link fromRows}. */
export interface RowOptions<Names extends string = never> extends TableColumns<Names>, MissingOptions {
  /** Columns of text: their classes, or `"sorted"`, as in `readCsv`. Default: none, all columns are numbers. */
  readonly categories?: CsvOptions["categories"];
}

/**
 * A {@link Dataset} from rows with named values, such as JSON. Values are finite numbers, or true and false as 1 and 0; in
 * columns of `categories` texts (numbers and flags count as their text). null, undefined, NaN and the texts of `missing` are
 * missing values, for which `onMissing` says what is done. Inputs that are classes become one number for each class, as in
 * {@link csvDataset}.
 *
 * @param rows objects; the first one has all columns. A name that another row lacks is a missing value.
 * @throws FormatError for a value that is no number or none of the classes, or is missing without a way to treat it;
 * ArgumentError for rows that are no list of objects, a misspelt or unexpected name, and as `csvDataset`.
 * @example
 * const people = fromRows(
 *   [{ age: 39, job: "clerk", rich: "no" }, { age: null, job: "baker", rich: "yes" }],
 *   { target: "rich", categories: { job: "sorted", rich: ["no", "yes"] }, onMissing: { age: "mean" } },
 * ); // the second row counts as 39, the mean of the known ages
 * people.inputShape; // [3]: age, baker, clerk
 */
export function fromRows(rows: readonly Row[], options: RowOptions): Dataset;
/** With several inputs. @example fromRows(rows, { inputs: { place: ["town"], numbers: ["area"] }, target: "price" }); */
export function fromRows<Names extends string>(
  rows: readonly Row[],
  options: RowOptions<Names>,
): Dataset<Names>;
export function fromRows(rows: readonly Row[], options: object, ...extra: readonly undefined[]): AnyDataset {
  noMore("fromRows", "rows, options", extra);
  const who = "fromRows";
  const { inputs, target, ...wanted } = resolveOptions<Columns & Omit<Wanted, "columns">>(
    who,
    options,
    { categories: {}, missing: [] },
    { ...columnRanges, ...missingRanges, categories: categoriesRange },
  );
  checkLists(inputs, who);
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new ArgumentError(`${who}: needs a list of one or more rows like { age: 39 }, got ${show(rows)}`);
  }
  for (let i = 0; i < rows.length; i++) {
    if (isRecord(rows[i])) continue;
    throw new ArgumentError(`${who}: row ${i} must be an object like { age: 39 }, got ${show(rows[i])}`);
  }
  const columns = needed(inputs, target);
  const names = Object.keys(rows[0]);
  const readers = chooseColumns(
    {
      who,
      what: "Row 0",
      names,
      where: (name, _, i) => `${who}: row ${i}, ${show(name)}`,
      parse: () => Number.NaN,
      hint: () => ". Texts become numbers by Number(text), or classes by the option categories",
    },
    { ...wanted, columns },
  );
  const out = new TableRows(readers.length, who);
  for (const [i, row] of rows.entries()) {
    const others = Object.keys(row).filter((name) => !Object.hasOwn(rows[0], name));
    if (columns === undefined && others.length > 0) {
      throw new ArgumentError(`${who}: row ${i} has ${show(others[0])}, which row 0 does not have`);
    }
    out.add((j) => readers[j].read(valueIn(row, readers[j].name, others, `${who}: row ${i}`), i));
  }
  return tableDataset(out.table(readers), inputs, target, who);
}

/** A value of a row, as column readers take it. A name that the row does not have is missing, unless it is misspelt. */
function valueIn(row: Row, name: string, others: readonly string[], where: string): Value {
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  if (value === undefined && nearestName(name, others) !== undefined) fieldOf(row, name, where);
  if (isMissing(value)) return null;
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return value;
  throw new ArgumentError(`${where}, ${show(name)}: ${show(value)} is neither a number nor a text`);
}

function checkLists(inputs: Columns["inputs"], who: string): void {
  if (inputs === undefined) return;
  inputList(inputs, `${who}: inputs`).map((list, name) =>
    check(who, nameOf("inputs", name), list, columnNames),
  );
}

/** The columns to read; undefined: all. */
function needed(
  inputs: PerInput<string, readonly string[]> | undefined,
  target: string | readonly string[],
): readonly string[] | undefined {
  return (
    inputs && [
      ...new Set([
        ...inputList(inputs, "inputs").values.flat(),
        ...(typeof target === "string" ? [target] : target),
      ]),
    ]
  );
}
