import { type Row, type Rows, rowsOf, type Section } from "./rows.ts";
import { tableLines } from "./table.ts";
import { numbersText } from "./text-numbers.ts";
import type { TraceData, TraceTextOptions, WatchEvent } from "./trace.ts";

/** What a view knows of an event besides the trace, from the sources of the ops. */
export interface Note {
  /** The formula or the gradient rule. */
  readonly text?: string | undefined;
  /** The file and line of the rule, or the line of the program. */
  readonly at?: string | undefined;
}

/** Options that the terminal has beside the public ones. */
export interface TextOptions extends TraceTextOptions {
  /** Whether tensors that no op made are listed first. Default true. */
  readonly given?: boolean;
  note?(event: WatchEvent): Note;
}

const HEADS = { forward: "value", backward: "gradient", update: "before → after" } as const;

/** The steps of a trace as a table. */
export function traceText(trace: TraceData, options: TextOptions = {}): string {
  const { columns = 100, expand = false, given = true, note = noteOf } = options;
  const rows = rowsOf(trace);
  const blocks: Block[] = rows.sections
    .map((section) => ({
      head: [section.kind, HEADS[section.kind]] as const,
      rows: shownRows(section, expand),
    }))
    .filter((block) => block.rows.length > 0)
    .map(({ head, rows: shown }) => ({
      head,
      lines: shown.flatMap(({ row, depth }, i) => {
        const { text = "", at = "" } = note(row.event);
        const { layer } = row.event;
        const label = "  ".repeat(depth + (layer === null ? 0 : 1)) + row.label;
        const heading = layer !== null && layer !== shown[i - 1]?.row.event.layer;
        return [
          ...(heading ? [{ label: `in ${layer}`, note: "", value: "", at: "", isStep: false }] : []),
          { label, note: text, value: valueText(row, trace), at },
        ];
      }),
    }));
  if (given && rows.given.length > 0) blocks.unshift(givenBlock(rows, trace));
  if (blocks.length === 0) return "no ops were watched";
  return tableLines(blocks, columns).join("\n");
}

/** A part of the table: its heading, and lines of cells. */
export interface Block {
  readonly head: readonly [title: string, value: string];
  readonly lines: readonly Line[];
}

/** The cells of a step. */
export interface Line {
  /** Default true: it has a number. */
  readonly isStep?: boolean;
  readonly label: string;
  readonly note: string;
  readonly value: string;
  readonly at: string;
}

/** The rows that a view shows: without `expand` no inner ones and no parts. */
export function shownRows(section: Section, expand: boolean): { row: Row; depth: number }[] {
  const flat = (row: Row, depth: number): { row: Row; depth: number }[] => [
    { row, depth },
    ...(expand ? row.parts.flatMap((part) => flat(part, depth + 1)) : []),
  ];
  return section.rows.filter(({ inner }) => expand || !inner).flatMap((row) => flat(row, 0));
}

/** The numbers of a row: `1 + 2 = 3` where gradients meet, `0.5 → 0.4` for an update. */
export function valueText({ event, shows, from }: Row, { tensors }: TraceData): string {
  const most = from.length > 0 ? 4 : 6; // several in a line are shorter
  const [value, ...others] = [shows, ...from].map((id) => numbersText(tensors[id], most));
  if (event.kind === "update") return `${others[0]} → ${value.replace(/^\[.*?\] /, "")}`;
  return others.length === 0 ? value : `${others.join(" + ")} = ${value}`;
}

function givenBlock({ given, names }: Rows, { tensors }: TraceData): Block {
  return {
    head: ["given", "value"],
    lines: given.map((id) => ({
      label: names[id],
      note: tensors[id].kind,
      value: numbersText(tensors[id]),
      at: "",
      isStep: false,
    })),
  };
}

function noteOf(event: WatchEvent): Note {
  const site = "site" in event && event.site !== null ? event.site.replace(/^.*[/\\]/, "") : undefined;
  return { text: "formula" in event ? (event.formula ?? undefined) : undefined, at: site };
}
