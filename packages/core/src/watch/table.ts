import type { Block, Line } from "./text.ts";

/** The narrowest column of formulas; below it each step takes several lines. */
const NARROW = 16;

/** Blocks as lines of at most `columns` characters: a table if it fits, else the cells of a step below each other. */
export function tableLines(blocks: readonly Block[], columns: number): string[] {
  const all = blocks.flatMap(({ lines }) => lines);
  const numberWidth = String(all.length).length;
  const width = (cell: (line: Line) => string): number =>
    Math.max(0, ...all.map((line) => length(cell(line))));
  const [label, value, at] = [
    width((line) => line.label),
    width((line) => line.value),
    width((line) => line.at),
  ];
  const fixed = numberWidth + 2 + label + 2 + value + (at > 0 ? 2 + at : 0) + 2;
  const note = Math.min(
    width((line) => line.note),
    columns - fixed,
  );
  const wide =
    note >=
    Math.min(
      NARROW,
      width((line) => line.note),
    );
  let number = 0;
  return blocks.flatMap(({ head: [title, valueHead], lines }) => {
    const counted = title !== "given"; // these are no steps
    const lead = (first: boolean): string =>
      counted && first ? `${String(++number).padStart(numberWidth)}  ` : " ".repeat(numberWidth + 2);
    if (!wide) return [title, ...lines.flatMap((line) => stacked(line, lead, columns))];
    const heading = title.padEnd(numberWidth + 2 + label + 2 + note + (note > 0 ? 2 : 0));
    const rows = lines.flatMap((line) => {
      const notes = note > 0 ? wrapped(line.note, note) : [""];
      return notes.map((text, i) => {
        const cells = i === 0 ? [line.label, text, line.value, line.at] : ["", text, "", ""];
        const [a, b, c, d] = cells.map((cell, j) => pad(cell, [label, note, value, at][j]));
        return `${lead(i === 0)}${a}  ${note > 0 ? `${b}  ` : ""}${c}  ${d}`.trimEnd();
      });
    });
    return [`${heading}${valueHead}`.trimEnd(), ...rows];
  });
}

/** A step in several lines: what it is, then its formula, its numbers and its place, further in. */
function stacked(line: Line, lead: (first: boolean) => string, columns: number): string[] {
  const margin = lead(false);
  const label = wrapped(line.label.trimEnd(), columns - margin.length);
  const below = [line.note, line.value, line.at].filter((text) => text !== "");
  return [
    ...label.map((text, i) => `${i === 0 ? lead(true) : margin}${text}`),
    ...below.flatMap((text) =>
      wrapped(text, columns - margin.length - 2).map((part) => `${margin}  ${part}`),
    ),
  ];
}

/** A text in lines of at most `width` characters, broken at blanks where that is possible. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let rest = [...paragraph];
    while (rest.length > width) {
      const blank = rest.slice(0, width + 1).lastIndexOf(" ");
      const end = blank > rest.findIndex((c) => c !== " ") ? blank : width;
      lines.push(rest.slice(0, end).join(""));
      rest = rest.slice(rest[end] === " " ? end + 1 : end);
    }
    lines.push(rest.join(""));
  }
  return lines;
}

/** Characters as a terminal counts them: of the texts here each code point is one. */
function length(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - length(text)));
}
