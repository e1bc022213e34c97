import { ArgumentError, FormatError, type Range, ranges, resolveOptions, show, tagOf } from "@gradus/core";
import { type ColumnReader, chooseColumns } from "./csv-columns.ts";
import { checkCsvText, csvRecords, delimiterRange, fieldCount } from "./csv-records.ts";
import { Dataset } from "./dataset.ts";

/** Options of {@link readCsv}. */
export interface CsvOptions {
  /** Whether the first line names the columns. Default: true. Without it they are called `"0"`, `"1"`, … */
  readonly header?: boolean;
  /** The names of the columns to read; the others are not checked. Default: all. */
  readonly columns?: readonly string[];
  /** The character between fields. Default: a comma. */
  readonly delimiter?: string;
  /**
   * Columns of text, which become class indices: the list of classes (any other text is an error), or `"sorted"`: the
   * texts of the column in the order of their UTF-16 code units. Default: none, all columns are numbers.
   */
  readonly categories?: Readonly<Record<string, readonly string[] | "sorted">>;
}

/** The columns of a CSV text. */
export interface CsvTable {
  /** The columns in the requested order, or in that of the file. */
  readonly names: readonly string[];
  /** Number of rows, without the header. */
  readonly size: number;
  /** The `size` numbers of each column; class indices for a column of text. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** The classes of each column of text: index i stands for `categories.get(name)[i]`. */
  readonly categories: ReadonlyMap<string, readonly string[]>;
}

/** Options of {@link csvDataset}: its columns, and those of {@link readCsv} for a source that is text. */
export interface CsvDatasetOptions extends Omit<CsvOptions, "columns"> {
  /** The columns of a sample, in this order. Default: all but the target. */
  readonly inputs?: readonly string[];
  /** The column or columns to predict. */
  readonly target: string | readonly string[];
}

type Columns = Pick<CsvDatasetOptions, "target"> & { inputs: readonly string[] | undefined };

/**
 * Reads comma-separated numbers (RFC 4180: fields may be quoted, a quote inside is doubled). A byte order mark, the line
 * ends CRLF, LF and CR, blank lines at the end and spaces around numbers are allowed. Numbers must be decimal and
 * finite: `NaN`, hexadecimal and empty fields are errors. A number takes 8 bytes; a table has at most 100,000 columns.
 *
 * @throws FormatError with line and column for a field that is not such a number (or not one of the given classes), a
 * row longer or shorter than the first, a misplaced or unclosed quote, a repeated column name, bytes that are not
 * UTF-8, and a text that is empty, an HTML page or has NUL characters; ArgumentError for an unknown column or a bad
 * option.
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

/** The options with all defaults filled in. */
type Reading = Required<Omit<CsvOptions, "columns">>;

const DEFAULTS: Reading = { header: true, delimiter: ",", categories: {} };

const READING: Readonly<Record<keyof Reading, Range>> = {
  header: ranges.flag,
  delimiter: delimiterRange,
  categories: {
    says: "must be an object { column: classes }",
    admits: (x) => typeof x === "object" && x !== null && !Array.isArray(x) && tagOf(x) !== "Map",
  },
};

const names: Range = {
  says: "must be an array of column names",
  admits: (x) => Array.isArray(x) && x.every((name) => typeof name === "string"),
};

/**
 * A {@link Dataset} from columns of a CSV text or of a {@link CsvTable} (which ignores the options for reading).
 *
 * Shapes: inputs `[inputs.length]`; targets `[]` for one column and `[target.length]` for a list. A target column of
 * text gives the dataset its `classes`.
 *
 * @throws FormatError as `readCsv`; ArgumentError for an unknown column, or if there are no input columns.
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

/** @param wanted the columns to read; undefined: all. */
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

/** The columns in row-major order: the numbers of row 0, then those of row 1, … */
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
