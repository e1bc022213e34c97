import { ArgumentError, FormatError, type Range, show } from "@gradus/core";
import { isPage, PAGE_SAVED } from "@gradus/core/text";
import { hintFor } from "./csv-hints.ts";

/** How the text of a table is written. @internal */
export interface Dialect {
  /** The character between fields; a blank stands for any number of blanks and tabs. */
  readonly delimiter: string;
  /** `"."` or `","`: the sign before the decimals of a number. */
  readonly decimal: string;
  /** The beginning of lines that are skipped. */
  readonly comment: string | undefined;
}

/** One line of a CSV text, or several if a quoted field has line breaks in it. @internal */
export interface CsvRecord {
  /** The number of its first line, counted from 1. */
  readonly line: number;
  /** Without blanks around them; quoted fields as they stand between the quotes. */
  readonly fields: readonly string[];
  /** Number of blank lines before it, and the first of them. */
  readonly blanks: number;
  readonly firstBlank: number;
}

/** A text with more columns is not a table, or has another delimiter. */
const MAX_COLUMNS = 100_000;

/** A field with more characters is no number and no class. (Python's csv stops at 131,072.) */
const MAX_FIELD = 1_048_576;

const LF = 10;
const CR = 13;
const TAB = 9;
const BLANK = 32;
const QUOTE = 34;

/**
 * Splits a CSV text into records by RFC 4180; lines may end in CRLF, LF or CR. Throws at the first field that the first
 * record does not have, so that an endless line takes no memory. Blank lines at the end are left out. @internal
 */
export function* csvRecords(text: string, dialect: Dialect, who: string): Generator<CsvRecord> {
  const { delimiter, comment } = dialect;
  const separator = delimiter.charCodeAt(0);
  const blanks = delimiter === " ";
  let at = text.startsWith("\uFEFF") ? 1 : 0; // a byte order mark
  let line = 1;
  let width: number | undefined; // of the first record
  const firstLine = separatorLine(text, at);
  if (firstLine !== undefined) {
    at = firstLine.end;
    line++;
  }
  let [blankLines, firstBlank] = [0, 0];
  while (at < text.length) {
    const first = blanks ? afterBlanks(text, at, -1) : at;
    if (isLineEnd(text, first)) {
      if (blankLines++ === 0) firstBlank = line;
      at = afterLineBreak(text, first);
      line++;
      continue;
    }
    const startLine = line;
    if (comment !== undefined && text.startsWith(comment, afterBlanks(text, at, -1))) {
      at = afterLineBreak(text, endOfField(text, at, -1));
      line++;
      continue;
    }
    const fields: string[] = [];
    at = first;
    while (!(blanks && isLineEnd(text, at))) {
      if (fields.length === (width ?? MAX_COLUMNS)) {
        throw tooLong(startLine, width, who, hintFor(text, dialect));
      }
      const where = `${who}: line ${line}, column ${fields.length + 1}`;
      const open = afterBlanks(text, at, separator);
      if (text.charCodeAt(open) === QUOTE) {
        const close = closingQuote(text, open, where);
        const field = text.slice(open + 1, close);
        line += lineBreaks(field);
        fields.push(field.includes('"') ? field.replaceAll('""', '"') : field);
        at = afterBlanks(text, close + 1, separator);
        if (text.charCodeAt(at) !== separator && !isLineEnd(text, at)) {
          if (blanks && at > close + 1) continue;
          throw new FormatError(
            `${where}: ${show(text[at])} follows the closing quote${hintFor(text, dialect)}`,
          );
        }
      } else {
        const end = endOfField(text, at, separator, blanks);
        if (end - at > MAX_FIELD) throw tooManyCharacters(where, hintFor(text, dialect));
        const field = text.slice(at, end).trim();
        if (field.includes('"')) {
          throw new FormatError(
            `${where}: a quote inside an unquoted field: ${show(field)}. Quote the whole field and double the quote` +
              hintFor(text, dialect),
          );
        }
        fields.push(field);
        at = end;
      }
      if (blanks) at = afterBlanks(text, at, -1);
      else if (text.charCodeAt(at) === separator) at++;
      else break;
    }
    width ??= fields.length;
    yield { line: startLine, fields, blanks: blankLines, firstBlank };
    blankLines = 0;
    at = afterLineBreak(text, at);
    line++;
  }
}

/** The delimiter that the first line names, as Excel writes it: `sep=;`. @internal */
export function namedDelimiter(text: string): string | undefined {
  return separatorLine(text, text.startsWith("\uFEFF") ? 1 : 0)?.delimiter;
}

function separatorLine(text: string, at: number): { delimiter: string; end: number } | undefined {
  const match = /^(?:sep=([^"\r\n])|"sep=([^"\r\n])")(?:\r\n|\n|\r|$)/i.exec(text.slice(at, at + 10));
  return match === null ? undefined : { delimiter: match[1] ?? match[2], end: at + match[0].length };
}

function tooLong(line: number, width: number | undefined, who: string, hint: string): FormatError {
  return new FormatError(
    width === undefined
      ? `${who}: line ${line} has more than ${MAX_COLUMNS} fields. Is this a table, and the delimiter the right one?`
      : `${who}: line ${line} has more than the ${fieldCount(width)} of the first line${hint}`,
  );
}

function tooManyCharacters(where: string, hint: string): FormatError {
  return new FormatError(
    `${where}: a field of more than ${MAX_FIELD} characters is no number or class${hint}`,
  );
}

/** The position of the quote that closes the field whose opening quote is at `open`. */
function closingQuote(text: string, open: number, where: string): number {
  let close = text.indexOf('"', open + 1);
  // A doubled quote stands for one and does not close the field.
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
  if (close < 0) throw new FormatError(`${where}: this quote is never closed`);
  if (close - open > MAX_FIELD) throw tooManyCharacters(where, "");
  return close;
}

/** The position of the separator or line end behind a field. */
function endOfField(text: string, at: number, separator: number, blanks: boolean = false): number {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === separator || code === LF || code === CR || (blanks && code === TAB)) return end;
  }
  return text.length;
}

/** The position of the first character that is no blank or tab, or is the separator. */
function afterBlanks(text: string, at: number, separator: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === separator || (code !== BLANK && code !== TAB)) break;
  }
  return end;
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at >= text.length || code === LF || code === CR;
}

function afterLineBreak(text: string, at: number): number {
  return at + (text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? 2 : 1);
}

/** Counted in a loop: a list of all matches may be longer than a list can be. */
function lineBreaks(text: string, end: number = text.length): number {
  let count = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === CR || (code === LF && text.charCodeAt(i - 1) !== CR)) count++;
  }
  return count;
}

/** `1 field`, `2 fields`. @internal */
export function fieldCount(count: number): string {
  return `${count} field${count === 1 ? "" : "s"}`;
}

/** The characters that can separate fields. @internal */
export const delimiterRange: Range = {
  says: "must be one character, not a quote or line break",
  admits: (x) => typeof x === "string" && x.length === 1 && !/["\r\n\uFEFF]/.test(x),
};

/** Throws unless `text` is a string and neither an HTML page nor binary. @internal */
export function checkCsvText(text: unknown, who: string): asserts text is string {
  if (typeof text !== "string") {
    throw new ArgumentError(`${who}: needs the text of a CSV file, got ${show(text)}`);
  }
  if (/^\S{1,500}\.(csv|tsv|txt|gz)$/i.test(text) || /^(https?|file):\/\/\S{1,500}$/.test(text)) {
    throw new ArgumentError(
      `${who}: needs the text of a CSV file, got its place, ${show(text)}; read it first: ` +
        'readFileSync(path, "utf8"), or await (await fetch(url)).text()',
    );
  }
  if (isPage(text)) throw new FormatError(`${who}: this is an HTML page, not CSV. ${PAGE_SAVED}`);
  const nul = text.indexOf("\0");
  if (nul < 0) return;
  throw new FormatError(
    `${who}: line ${1 + lineBreaks(text, nul)} holds a NUL character: this is no text, or UTF-16. ` +
      'Decode that with new TextDecoder("utf-16le")',
  );
}

/** Throws for a field with U+FFFD, which decoders write for bytes that they cannot decode. @internal */
export function checkDecoded(field: string, where: string): void {
  if (!field.includes("\uFFFD")) return;
  throw new FormatError(
    `${where}: ${show(field)} was not decoded: its bytes are no UTF-8. ` +
      'Name the right encoding, as in new TextDecoder("windows-1252")',
  );
}
