import { ArgumentError, FormatError, show } from "@gradus/core";

/** One line of a CSV text, or several if a quoted field has line breaks in it. @internal */
export interface CsvRecord {
  /** Where it starts, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Whether there is nothing on the line at all. */
  readonly blank: boolean;
}

/** Splits a CSV text into records by RFC 4180; lines may end in CRLF, LF or CR. @internal */
export function* csvRecords(text: string, delimiter: string, who: string): Generator<CsvRecord> {
  let at = text.startsWith("\uFEFF") ? 1 : 0; // a byte order mark
  let line = 1;
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
        const end = endOfField(text, at, delimiter);
        field = text.slice(at, end);
        if (field.includes('"')) {
          throw new FormatError(
            `${who}: line ${line}, column ${fields.length + 1}: a quote inside an unquoted field: ${shorten(field)}. ` +
              "Quote the whole field and double the quote",
          );
        }
        at = end;
      }
      fields.push(field);
      if (text[at] === delimiter) {
        at++;
        continue;
      }
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") {
        throw new FormatError(
          `${who}: line ${line}, column ${fields.length}: ${show(text[at])} follows the closing quote`,
        );
      }
      break;
    }
    yield { line: startLine, fields, blank: at === start };
    at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    line++;
  }
}

/** The text of the quoted field that starts at `at`, and where it ends. */
function quoted(text: string, at: number, where: string): [field: string, end: number] {
  let close = text.indexOf('"', at + 1);
  // A doubled quote stands for one and does not close the field.
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) throw new FormatError(`${where}: this quote is never closed`);
  return [text.slice(at + 1, close).replaceAll('""', '"'), close + 1];
}

function endOfField(text: string, at: number, delimiter: string): number {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return end;
}

function lineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** A field as it should look in a message, however long it is. @internal */
export function shorten(field: string): string {
  return show(field.length > 40 ? `${field.slice(0, 40)}…` : field);
}

/** Refuses what cannot separate fields. @internal */
export function checkDelimiter(delimiter: unknown, who: string): asserts delimiter is string {
  if (typeof delimiter !== "string" || delimiter.length !== 1 || /["\r\n\uFEFF]/.test(delimiter)) {
    throw new ArgumentError(
      `${who}: delimiter must be one character, not a quote or line break, got ${show(delimiter)}`,
    );
  }
}
