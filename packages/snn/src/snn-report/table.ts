import { alignColumns } from "@gradus/core/text";
import type { Moments } from "../moments/net-input.ts";
import { format, formatBeside, formatRange } from "./format.ts";
import { distanceOf } from "./measure.ts";
import type { SnnLayer, SnnReportData } from "./result.ts";

/** The largest width of a line. */
const WIDTH = 100;
const SHORTEST_NAME = 8;
const NONE = "–";

interface Column {
  readonly head: readonly [string, string];
  readonly cell: (layer: SnnLayer) => string;
  /** The cell in the row of the input. */
  readonly input?: (input: Moments) => string;
}

const COLUMNS: readonly Column[] = [
  {
    head: ["", "mean "],
    cell: (layer) => marked(besideSpread(layer), layer.outside.includes("mean")),
    input: (input) => marked(besideSpread(input), false),
  },
  { head: ["95 % band", "of mean"], cell: ({ band }) => (band ? formatRange(band.mean) : NONE) },
  {
    head: ["", "var. "],
    cell: (layer) => marked(format(layer.variance), layer.outside.includes("variance")),
    input: ({ variance }) => marked(format(variance), false),
  },
  { head: ["95 % band", "of var."], cell: ({ band }) => (band ? formatRange(band.variance) : NONE) },
  {
    head: ["from", "(0,1)"],
    cell: ({ distance }) => format(distance),
    input: (input) => format(distanceOf(input)),
  },
  { head: ["theory", "mean"], cell: ({ theory }) => (theory ? besideSpread(theory) : NONE) },
  { head: ["", "var."], cell: ({ theory }) => (theory ? format(theory.variance) : NONE) },
  {
    head: ["grad.", "norm"],
    cell: ({ gradientNorm }) => (gradientNorm === null ? NONE : format(gradientNorm)),
  },
];

/** A report as text. @internal */
export function table({ outcome, samples, input, layers, warnings }: SnnReportData): string {
  const columns = COLUMNS.filter(({ cell }) => layers.some((layer) => cell(layer) !== NONE));
  const rows = [
    columns.map(({ head }) => head[0]),
    columns.map(({ head }) => head[1]),
    columns.map((column) => column.input?.(input) ?? ""),
    ...layers.map((layer) => columns.map(({ cell }) => cell(layer))),
  ];
  const numbers = alignColumns(rows, []);
  const counts = ["", "#", "0", ...layers.map((_, i) => String(i + 1))];
  const countWidth = String(layers.length).length;
  const names = ["", "layer", "input", ...layers.map(({ name }) => name)];
  const room = Math.max(SHORTEST_NAME, WIDTH - countWidth - 4 - numbers[0].length);
  const nameWidth = Math.min(room, Math.max(...names.map((name) => name.length)));
  const lines = numbers.map((line, i) =>
    [counts[i].padStart(countWidth), shorten(names[i], nameWidth).padEnd(nameWidth), line].join("  "),
  );
  return [
    `SNN report: ${count(samples, "sample")}, ${count(layers.length, "layer")}`,
    "",
    ...lines.slice(0, 2),
    "─".repeat(lines[0].length),
    ...lines.slice(2),
    "",
    ...wrap(verdict(outcome, layers)),
    ...warnings.flatMap((warning) => ["", ...wrap(warning)]),
  ]
    .map((line) => line.trimEnd())
    .join("\n");
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function marked(text: string, outside: boolean): string {
  return `${text}${outside ? "!" : " "}`;
}

function besideSpread({ mean, variance }: Moments): string {
  return formatBeside(mean, Math.sqrt(variance));
}

function verdict(outcome: SnnReportData["outcome"], layers: readonly SnnLayer[]): string {
  if (outcome === "nothing to report") {
    return "Nothing to report: the net has neither SELU nor AlphaDropout, so it is not meant to be self-normalizing.";
  }
  const banded = layers.filter(({ band }) => band !== null);
  const outside = banded.reduce((sum, layer) => sum + layer.outside.length, 0);
  const values = 2 * banded.length;
  const found =
    outside === 0
      ? `All ${values} values are in the band that LeCun weights would keep them in.`
      : `! ${outside} of ${values} values are outside the band that LeCun weights would keep 95 % of them in.`;
  return outcome === "clean" ? `${found} No warnings.` : `${found} Warnings:`;
}

/** `784→512 SELU AlphaDr…` */
function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Lines of at most 100 columns, all but the first indented. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length > WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
