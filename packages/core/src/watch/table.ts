import type { Block, Line } from "./text.ts";

/** Characters that the three columns of words need at least; with less each step takes several lines. */
const LEAST = 48;

interface Widths {
  readonly number: number;
  readonly label: number;
  readonly note: number;
  readonly value: number;
  readonly at: number;
}

/** Blocks as lines of at most `columns` characters: a table if it fits, else the cells of a step below each other. */
export function tableLines(blocks: readonly Block[], columns: number): string[] {
  const all = blocks.flatMap(({ lines }) => lines);
  const widths = widthsOf(all, columns);
  let number = 0;
  return blocks.flatMap(({ head: [title, valueHead], lines }) => {
    const digits = String(all.length).length;
    const blank = " ".repeat(digits + 2);
    const leads = ({ isStep = true }: Line): string =>
      isStep ? `${String(++number).padStart(digits)}  ` : blank;
    if (widths === null) return [title, ...lines.flatMap((line) => stacked(line, leads(line), columns))];
    const { label, note } = widths;
    const heading = title.padEnd(blank.length + label + 2 + (note > 0 ? note + 2 : 0)) + valueHead;
    return [heading.trimEnd(), ...lines.flatMap((line) => row(line, leads(line), widths))];
  });
}

/** The widths of the columns, as far as they fit; null if they are too narrow. */
function widthsOf(lines: readonly Line[], columns: number): Widths | null {
  const natural = (cell: (line: Line) => string): number =>
    Math.max(0, ...lines.map((line) => length(cell(line))));
  const number = String(lines.length).length;
  const [at, wanted] = [
    natural((line) => line.at),
    [natural((line) => line.label), natural((line) => line.note), natural((line) => line.value)],
  ];
  const free = columns - (number + 2) - 2 * 2 - (at > 0 ? at + 2 : 0);
  const total = wanted.reduce((sum, width) => sum + width, 0);
  if (total <= free) {
    const [label, note, value] = wanted;
    return { number, label, note, value, at };
  }
  if (free < LEAST) return null;
  // Numbers are broken last: they get up to half of the room, then the labels up to a third.
  const value = Math.min(wanted[2], Math.max(Math.floor(free / 2), free - wanted[0] - wanted[1]));
  const label = Math.min(wanted[0], Math.max(Math.floor(free / 3), free - value - wanted[1]));
  return { number, label, note: Math.min(wanted[1], free - value - label), value, at };
}

/** A step as a row of the table; cells that do not fit go on below. */
function row(line: Line, lead: string, widths: Widths): string[] {
  const cells = [
    [line.label, widths.label],
    ...(widths.note > 0 ? [[line.note, widths.note] as const] : []),
    [line.value, widths.value],
    [line.at, widths.at],
  ] as const;
  const parts = cells.map(([text, width]) => wrapped(text, Math.max(1, width)));
  return Array.from({ length: Math.max(...parts.map((part) => part.length)) }, (_, i) => {
    const texts = parts.map((part, column) => pad(part[i] ?? "", cells[column][1]));
    return `${i === 0 ? lead : " ".repeat(lead.length)}${texts.join("  ")}`.trimEnd();
  });
}

/** A step in several lines: what it is, then its formula, its numbers and its place, further in. */
function stacked(line: Line, lead: string, columns: number): string[] {
  const margin = " ".repeat(lead.length);
  const below = [line.note, line.value, line.at].filter((text) => text !== "");
  return [
    ...wrapped(line.label, columns - lead.length).map((text, i) => `${i === 0 ? lead : margin}${text}`),
    ...below.flatMap((text) => wrapped(text, columns - lead.length - 2).map((part) => `${margin}  ${part}`)),
  ];
}

/** A text in lines of at most `width` characters, broken at blanks where that is possible; later lines begin further in as the first. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    const indent = Math.min(/^ */.exec(paragraph)?.[0].length ?? 0, Math.floor(width / 2));
    let rest = [...paragraph];
    while (rest.length > width) {
      const blank = rest.slice(0, width + 1).lastIndexOf(" ");
      const end = blank > indent ? blank : width;
      lines.push(rest.slice(0, end).join(""));
      rest = [..." ".repeat(indent), ...rest.slice(rest[end] === " " ? end + 1 : end)];
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
