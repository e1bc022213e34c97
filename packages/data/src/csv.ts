import { FormatError, noMore, type Range, ranges, resolveOptions, show } from "@gradus/core";
import { type ColumnReader, chooseColumns, ownText, type Source, type Wanted } from "./column-readers.ts";
import { hintFor } from "./csv-hints.ts";
import {
  checkCsvText,
  csvRecords,
  type Dialect,
  delimiterRange,
  fieldCount,
  namedDelimiter,
} from "./csv-records.ts";
import { checkMissing, isRecord, type MissingOptions, missingRanges } from "./missing.ts";
import { type Table, TableRows } from "./table.ts";

/** Options of {@link readCsv}. */
export interface CsvOptions extends MissingOptions {
  /**
   * Whether the first line names the columns. Without one they are called `"0"`, `"1"`, … Default: true, but a first line of
   * nothing but numbers is an error.
   */
  readonly header?: boolean;
  /** The names of the columns to read; the others are not checked. Default: all. */
  readonly columns?: readonly string[];
  /**
   * The character between fields; `" "` stands for any number of blanks and tabs. Default: that of a first line `sep=;`,
   * else a comma.
   */
  readonly delimiter?: string | undefined;
  /** The decimal sign, `"."` or `","`. Default: a point. */
  readonly decimal?: "." | ",";
  /** Lines that begin with this text, after blanks, are skipped. Default: none. */
  readonly comment?: string | undefined;
  /**
   * Columns of text, which become class indices: the list of classes (any other text is an error), or `"sorted"`: the
   * texts of the column in the order of their UTF-16 code units. Default: none, all columns are numbers.
   */
  readonly categories?: Readonly<Record<string, readonly string[] | "sorted">>;
}

/** The columns of a CSV text. */
export interface CsvTable extends Table {}

/**
 * Reads comma-separated numbers (RFC 4180: fields may be quoted, a quote inside is doubled). A byte order mark, a first line
 * `sep=;`, the line ends CRLF, LF and CR, blank lines at the end and blanks around fields are allowed; inside quotes blanks
 * belong to a text. Numbers must be decimal and finite: `NaN`, hexadecimal and empty fields are errors, but for the texts of
 * `missing`. In a file of one column with `""` among those, a blank line is a missing value, except at the end.
 *
 * A number takes 8 bytes; a table has at most 100,000 columns, a field 1,048,576 characters, a column `"sorted"` 100,000
 * classes.
 *
 * @throws FormatError with line and column for a field that is not such a number (or not one of the given classes), a
 * missing value without a way to treat it, a row longer or shorter than the first, a misplaced or unclosed quote, a repeated
 * column name, a first line of numbers alone, bytes that are not UTF-8, and a text that is empty, an HTML page or has NUL characters. The message says if
 * there seems to be another delimiter, a comment, a decimal comma or a missing value. ArgumentError for an unknown column, for
 * a bad option, and for categories of a column that is not read.
 * @example
 * const table = readCsv("width,kind\n1.5,b\n?,a\n", {
 *   categories: { kind: ["a", "b"] },
 *   missing: ["?"],
 *   onMissing: "mean",
 * });
 * table.columns.get("width"); // Float64Array [1.5, 1.5]
 * table.columns.get("kind");  // Float64Array [1, 0]
 */
export function readCsv(text: string, options: CsvOptions = {}, ...extra: readonly undefined[]): CsvTable {
  noMore("readCsv", "text, options", extra);
  const { columns, ...reading } = resolveOptions<Reading & { columns: readonly string[] | undefined }>(
    "readCsv",
    options,
    DEFAULTS,
    { ...READING, columns: ranges.optional(columnNames) },
  );
  return parseCsv(text, reading, columns, "readCsv");
}

/** The options with all defaults filled in. @internal */
export interface Reading extends Omit<Wanted, "columns"> {
  readonly header: boolean | undefined;
  readonly delimiter: string | undefined;
  readonly decimal: string;
  readonly comment: string | undefined;
}

/** @internal */
export const DEFAULTS: Partial<Reading> = { decimal: ".", categories: {}, missing: [] };

/** @internal */
export const categoriesRange: Range = {
  says: "must be an object { column: classes }",
  admits: isRecord,
};

/** @internal */
export const READING: Readonly<Record<keyof Reading, Range>> = {
  header: ranges.optional(ranges.flag),
  delimiter: ranges.optional(delimiterRange),
  decimal: ranges.oneOf(".", ","),
  comment: ranges.optional({
    says: "must be a text of one or more characters that are no blanks or quotes",
    admits: (x) => typeof x === "string" && /^[^\s"]+$/.test(x),
  }),
  categories: categoriesRange,
  ...missingRanges,
};

/** @internal */
export const columnNames: Range = {
  says: "must be an array of column names",
  admits: (x) => Array.isArray(x) && Array.from(x).every((name) => typeof name === "string"),
};

/** {@link readCsv} with checked options. @param wanted the columns to read; undefined: all. @internal */
export function parseCsv(
  text: string,
  reading: Reading,
  wanted: readonly string[] | undefined,
  who: string,
): CsvTable {
  checkCsvText(text, who);
  checkMissing(reading, who);
  const dialect = dialectOf(text, reading, who);
  const emptyIsMissing = reading.missing.some((field) => field.trim() === "");

  let source: Source | undefined;
  let readers: ColumnReader[] = [];
  let rows = new TableRows(0, who);
  const add = (fields: readonly string[], line: number): void => {
    rows.add((j) => readers[j].read(fields[readers[j].position], line));
  };
  for (const { line, fields, blanks, firstBlank } of csvRecords(text, dialect, who)) {
    if (blanks > 0 && source !== undefined) {
      if (!emptyIsMissing || source.names.length !== 1) {
        throw new FormatError(`${who}: line ${firstBlank} is empty`);
      }
      for (let i = 0; i < blanks; i++) add([""], firstBlank + i);
    }
    if (source === undefined) {
      const named = reading.header ?? true;
      const names = named ? fields.map(ownText) : fields.map((_, i) => String(i));
      source = sourceOf(text, dialect, names, who);
      if (reading.header === undefined) checkNames(source, line);
      readers = chooseColumns(source, { columns: wanted, ...reading });
      rows = new TableRows(readers.length, who);
      if (named) continue;
    }
    if (fields.length !== source.names.length) {
      throw new FormatError(
        `${who}: line ${line} has ${fieldCount(fields.length)}, but the first line has ` +
          `${fieldCount(source.names.length)}${source.hint()}`,
      );
    }
    add(fields, line);
  }
  if (source === undefined) throw new FormatError(`${who}: the file is empty`);
  return rows.table(readers);
}

/** Throws for a first line of nothing but numbers: most likely it is a row. */
function checkNames({ names, parse, who }: Source, line: number): void {
  if (!names.every((name) => Number.isFinite(parse(name.trim())))) return;
  throw new FormatError(
    `${who}: line ${line} should name the columns and has numbers alone: ${show(names)}. If it is a row, set header: false; ` +
      "if these are names, header: true",
  );
}

/** Linear in the length of the text: no digit can match in two places. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const COMMA_NUMBER = /^[+-]?(?:\d+(?:,\d*)?|,\d+)(?:e[+-]?\d+)?$/i;

function sourceOf(text: string, dialect: Dialect, names: readonly string[], who: string): Source {
  const comma = dialect.decimal === ",";
  const parse = comma
    ? (field: string) => (COMMA_NUMBER.test(field) ? Number(field.replace(",", ".")) : Number.NaN)
    : (field: string) => (NUMBER.test(field) ? Number(field) : Number.NaN);
  return {
    who,
    what: "The file",
    names,
    where: (name, position, line) => `${who}: line ${line}, column ${position + 1} (${show(name)})`,
    parse,
    hint: (field) => hintFor(text, dialect, field),
  };
}

/** The way the text is written, by the options and a first line `sep=;`. */
function dialectOf(text: string, { delimiter: given, decimal, comment }: Reading, who: string): Dialect {
  const named = namedDelimiter(text);
  if (named !== undefined && given !== undefined && named !== given) {
    throw new FormatError(
      `${who}: the first line says that the delimiter is ${show(named)}, the option says ${show(given)}`,
    );
  }
  const delimiter = given ?? named ?? ",";
  if (delimiter === decimal) {
    throw new FormatError(
      `${who}: ${show(delimiter)} cannot be both the decimal sign and the delimiter. Files with a decimal comma mostly ` +
        'have delimiter: ";"',
    );
  }
  return { delimiter, decimal, comment };
}
