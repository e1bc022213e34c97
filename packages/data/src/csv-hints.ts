import { show } from "@gradus/core";
import type { Dialect } from "./csv-records.ts";

/** Characters that often separate fields. */
const DELIMITERS = [";", "\t", "|", ",", " "];

/** Texts that often stand for a missing value, in lower case. */
const MISSING: ReadonlySet<string> = new Set([
  "",
  "?",
  "na",
  "n/a",
  "nan",
  "null",
  "nil",
  "none",
  "-",
  "--",
  ".",
  "missing",
  "unknown",
  "#n/a",
]);

/** Lines and characters that are looked at. */
const LINES = 10;
const CHARACTERS = 65_536;

/**
 * The likely reason why a text could not be read, as the end of a message: another delimiter, comments, a decimal comma, a
 * missing value. Empty if there is none.
 *
 * @param field the field that could not be read. @internal
 */
export function hintFor(text: string, { delimiter, decimal, comment }: Dialect, field?: string): string {
  const lines = firstLines(text);
  const marks = lines.map((line) => /^\s*(#|%|\/\/)/.exec(line)?.[1]);
  const mark = marks.find((found) => found !== undefined);
  if (comment === undefined && mark !== undefined) {
    const line = marks[0] === undefined ? "A line" : "Line 1";
    return `. ${line} begins with ${show(mark)}: if that is a comment, set comment: ${show(mark)}`;
  }
  const data = lines.filter((line) => comment === undefined || !line.trimStart().startsWith(comment));
  const now = counts(data, delimiter);
  for (const other of DELIMITERS) {
    if (other === delimiter || (other === "," && decimal === ",")) continue;
    const found = counts(data, other);
    const everywhere = found.length > 0 && found.every((n) => n > 0 && n === found[0]);
    const holds = field?.includes(other) && other !== " ";
    if (!everywhere || !(holds || new Set(now).size > 1 || now[0] === 0)) continue;
    return `. There is ${show(other)} in every line: if that is the delimiter, set delimiter: ${show(other)}`;
  }
  if (field === undefined) return "";
  if (/^[+-]?[\d.]*,\d+$/.test(field) && decimal === ".") {
    return '. If its comma is the decimal sign, set decimal: ","';
  }
  if (/^[+-]?\d*\.\d+$/.test(field) && decimal === ",") return '. The decimal sign is set to ","';
  if (!MISSING.has(field.toLowerCase())) {
    const number = /^[+-]?(inf|\d|\.\d)/i.test(field);
    return /\p{L}/u.test(field) && !number ? ". A column of words needs the option categories" : "";
  }
  return (
    `. If it stands for a missing value, set missing: [${show(field)}] and onMissing: "drop" (the row), "mean" ` +
    "(of the column) or a number"
  );
}

/** Lines that are not blank, without what is quoted. The last one may be cut. */
function firstLines(text: string): string[] {
  return text
    .slice(0, CHARACTERS)
    .replace(/^\uFEFF/, "")
    .replace(/"[^"]*"/g, "")
    .split(/\r\n|\n|\r/, LINES * 10)
    .filter((line) => line.trim() !== "")
    .slice(0, LINES);
}

/** How often a character separates fields in each line; neighbouring blanks count as one. */
function counts(lines: readonly string[], character: string): number[] {
  return lines.map((line) => {
    const parts = character === " " ? line.trim().split(/[ \t]+/) : line.split(character);
    return parts.length - 1;
  });
}
