import { ArgumentError, FormatError, type Range, ranges, resolveOptions, show } from "@gradus/core";
import { type ColumnReader, chooseColumns } from "./csv-columns.ts";
import { checkCsvText, csvRecords, delimiterRange, fieldCount } from "./csv-records.ts";
import { Dataset } from "./dataset.ts";

/** Options of {@link readCsv}. */
export interface CsvOptions {
  /** Whether the first line names the columns. Default: true. Without it they are called `"0"`, `"1"`, … */
  readonly header?: boolean;
  /** The columns to read, by name; others may hold anything. Default: all. */
  readonly columns?: readonly string[];
  /** What separates fields: one character. Default: a comma. */
  readonly delimiter?: string;
  /**
   * Columns of text, which become class indices: the classes in order (a text that is not among them is an
   * error), or `"sorted"` to number the texts found in the order of their UTF-16 code units. Default: none,
   * all columns are numbers.
   */
  readonly categories?: Readonly<Record<string, readonly string[] | "sorted">>;
}

/** The columns of a CSV text. */
export interface CsvTable {
  /** The columns in order: those asked for, or as in the file. */
  readonly names: readonly string[];
  /** How many rows there are, the header not counted. */
  readonly size: number;
  /** The numbers of each column, `size` of them; class indices for a column of text. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** The classes of each column of text: index i means `categories.get(name)[i]`. */
  readonly categories: ReadonlyMap<string, readonly string[]>;
}

/** Options of {@link csvDataset}: the columns, and how to read them if they are still text. */
export interface CsvDatasetOptions extends Omit<CsvOptions, "columns"> {
  /** The columns that make a sample, in this order. Default: all but the target. */
  readonly inputs?: readonly string[];
  /** The column to predict, or several. */
  readonly target: string | readonly string[];
}

type Columns = Pick<CsvDatasetOptions, "target"> & { inputs: readonly string[] | undefined };

/**
 * Reads comma-separated numbers (RFC 4180: fields may be quoted, a quote inside is doubled). A byte order
 * mark, CRLF, LF or CR, and blank lines at the end are fine. Numbers are decimal and finite, spaces around
 * them do not matter; an empty field is an error, as are `NaN` and hexadecimal.
 *
 * The table is loaded whole or refused. It takes 8 bytes a number; a table has at most 100,000 columns.
 *
 * @throws FormatError naming line and column for a field that is not such a number (or not among the given
 * classes), a row that is longer or shorter than the first, a misplaced or unclosed quote, a column name used
 * twice, bytes that were decoded as UTF-8 but are not, a text that is empty, an HTML page or has NUL characters in
 * it; ArgumentError for a column that is not there or an option that is not as described.
 * @example
 * const table = readCsv("width,kind\n1.5,b\n2,a\n", { categories: { kind: ["a", "b"] } });
 * table.columns.get("width"); // Float64Array [1.5, 2]
 * table.columns.get("kind");  // Float64Array [1, 0]
 */
export function readCsv(text: string, options: CsvOptions = {}): CsvTable {
  const { columns, ...reading } = resolveOptions<Reading & { columns: readonly string[] | undefined }>(
    "readCsv",
    options,
    DEFAULTS,
    { ...READING, columns: ranges.optional(names) },
  );
  return parse(text, reading, columns, "readCsv");
}

/** How to read a file, all defaults filled in. */
type Reading = Required<Omit<CsvOptions, "columns">>;

const DEFAULTS: Reading = { header: true, delimiter: ",", categories: {} };

const READING: Readonly<Record<keyof Reading, Range>> = {
  header: ranges.flag,
  delimiter: delimiterRange,
  categories: {
    says: "must be an object { column: classes }",
    admits: (x) => typeof x === "object" && x !== null && !Array.isArray(x) && !(x instanceof Map),
  },
};

const names: Range = {
  says: "must be an array of column names",
  admits: (x) => Array.isArray(x) && x.every((name) => typeof name === "string"),
};

/**
 * A {@link Dataset} from columns of a CSV text, or of a table that was read before (then the reading options
 * have no say).
 *
 * Inputs are `[inputs.length]`; targets are `[]` for one column and `[target.length]` for a list. A target
 * that is a column of text gives the dataset its `classes`.
 *
 * @throws FormatError as `readCsv`; ArgumentError for a column that is not there, or none to learn from.
 * @example
 * const iris = csvDataset(text, { target: "species", categories: { species: "sorted" } });
 * const [train, test] = iris.split(0.8, createRng("iris"));
 */
export function csvDataset(source: string | CsvTable, options: CsvDatasetOptions): Dataset {
  const { inputs, target, ...reading } = resolveOptions<Reading & Columns>("csvDataset", options, DEFAULTS, {
    ...READING,
    inputs: ranges.optional(names),
    target: {
      says: "must name a column, or several",
      admits: (x) => typeof x === "string" || (names.admits(x) && (x as string[]).length > 0),
    },
  });
  const targets = typeof target === "string" ? [target] : target;
  const needed = inputs && [...new Set([...inputs, ...targets])];
  const table = typeof source === "string" ? parse(source, reading, needed, "csvDataset") : source;
  const features = inputs ?? table.names.filter((name) => !targets.includes(name));
  if (features.length === 0) throw new ArgumentError("csvDataset: there is no input column");
  return new Dataset({
    inputs: interleave(table, features),
    inputShape: [features.length],
    targets: interleave(table, targets),
    targetShape: typeof target === "string" ? [] : [targets.length],
    classes: typeof target === "string" ? table.categories.get(target)?.length : undefined,
  });
}

/** @param wanted the columns to read, undefined for all. */
function parse(
  text: string,
  { header, delimiter, categories }: Reading,
  wanted: readonly string[] | undefined,
  who: string,
): CsvTable {
  checkCsvText(text, who);

  let all: readonly string[] | undefined;
  let readers: readonly ColumnReader[] = [];
  let size = 0;
  let blankLine: number | undefined;
  for (const { line, fields, blank } of csvRecords(text, delimiter, who)) {
    if (blankLine !== undefined && !blank) throw new FormatError(`${who}: line ${blankLine} is empty`);
    if (blank) {
      blankLine ??= line;
      continue;
    }
    if (all === undefined) {
      all = header ? fields : fields.map((_, i) => String(i));
      readers = chooseColumns(all, wanted, categories, who);
      if (header) continue;
    }
    if (fields.length !== all.length) {
      throw new FormatError(
        `${who}: line ${line} has ${fieldCount(fields.length)}, but the first line has ${fieldCount(all.length)}`,
      );
    }
    for (const reader of readers) reader.add(fields[reader.position], line);
    size++;
  }
  if (all === undefined) throw new FormatError(`${who}: the file is empty`);
  const columns = readers.map((reader) => [reader.name, reader.finish()] as const);
  return {
    names: readers.map(({ name }) => name),
    size,
    columns: new Map(columns.map(([name, { values }]) => [name, values])),
    categories: new Map(
      columns.flatMap(([name, { classes }]) => (classes ? [[name, classes] as const] : [])),
    ),
  };
}

/** Columns side by side: the numbers of row 0, then those of row 1, … */
function interleave(table: CsvTable, names: readonly string[]): Float64Array {
  const out = new Float64Array(table.size * names.length);
  for (const [j, name] of names.entries()) {
    const column = table.columns.get(name);
    if (column === undefined) {
      throw new ArgumentError(
        `csvDataset: there is no column ${show(name)}. The table has ${show(table.names)}`,
      );
    }
    for (let i = 0; i < table.size; i++) out[i * names.length + j] = column[i];
  }
  return out;
}
