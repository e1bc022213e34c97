import { ArgumentError, FormatError, type Range, show } from "@gradus/core";
import { isPage, PAGE_SAVED } from "@gradus/core/text";

/** One line of a CSV text, or several if a quoted field has line breaks in it. @internal */
export interface CsvRecord {
  /** The number of its first line, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Whether the line has no characters. */
  readonly blank: boolean;
}

/** A text with more columns is not a table, or has another delimiter. */
const MAX_COLUMNS = 100_000;

const LF = 10;
const CR = 13;

/**
 * Splits a CSV text into records by RFC 4180; lines may end in CRLF, LF or CR. Throws at the first field that the first
 * record does not have, so that an endless line takes no memory. @internal
 */
export function* csvRecords(text: string, delimiter: string, who: string): Generator<CsvRecord> {
  const separator = delimiter.charCodeAt(0);
  let at = text.startsWith("\uFEFF") ? 1 : 0; // a byte order mark
  let line = 1;
  let width: number | undefined; // of the first record
  while (at < text.length) {
    const start = at;
    const startLine = line;
    const fields: string[] = [];
    for (;;) {
      let field: string;
      if (text[at] === '"') {
        [field, at] = quoted(text, at, `${who}: line ${line}, column ${fields.length + 1}`);
        line += lineBreaks(field);
      } else {
        const end = endOfField(text, at, separator);
        field = text.slice(at, end);
        if (field.includes('"')) {
          throw new FormatError(
            `${who}: line ${line}, column ${fields.length + 1}: a quote inside an unquoted field: ${show(field)}. ` +
              "Quote the whole field and double the quote",
          );
        }
        at = end;
      }
      if (fields.length === (width ?? MAX_COLUMNS)) throw tooLong(startLine, width, who);
      fields.push(field);
      const next = text.charCodeAt(at);
      if (next === separator) {
        at++;
        continue;
      }
      if (at < text.length && next !== LF && next !== CR) {
        throw new FormatError(
          `${who}: line ${line}, column ${fields.length}: ${show(text[at])} follows the closing quote`,
        );
      }
      break;
    }
    const blank = at === start;
    if (!blank) width ??= fields.length;
    yield { line: startLine, fields, blank };
    at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    line++;
  }
}

function tooLong(line: number, width: number | undefined, who: string): FormatError {
  return new FormatError(
    width === undefined
      ? `${who}: line ${line} has more than ${MAX_COLUMNS} fields. Is this a table, and the delimiter the right one?`
      : `${who}: line ${line} has more than the ${fieldCount(width)} of the first line`,
  );
}

/** The text of the quoted field that starts at `at`, and the position of its end. */
function quoted(text: string, at: number, where: string): [field: string, end: number] {
  let close = text.indexOf('"', at + 1);
  // A doubled quote stands for one and does not close the field.
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) throw new FormatError(`${where}: this quote is never closed`);
  return [text.slice(at + 1, close).replaceAll('""', '"'), close + 1];
}

function endOfField(text: string, at: number, separator: number): number {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === separator || code === LF || code === CR) return end;
  }
  return text.length;
}

function lineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
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
  if (isPage(text)) throw new FormatError(`${who}: this is an HTML page, not CSV. ${PAGE_SAVED}`);
  const nul = text.indexOf("\0");
  if (nul < 0) return;
  throw new FormatError(
    `${who}: line ${1 + lineBreaks(text.slice(0, nul))} holds a NUL character: this is no text, or UTF-16. ` +
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
