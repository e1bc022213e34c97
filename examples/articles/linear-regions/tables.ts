/** The results as text: at most 100 columns, the same in a terminal and in a pipe. */
import { alignColumns } from "@gradus/core/text";
import type { Bounds, LessonResult, Results } from "./measure.ts";
import type { RandomCount } from "./random-nets.ts";

/** The tables in the order in which they are printed; each begins with its title. */
export function tables(results: Results): string[] {
  const { nets } = results.depth[0];
  const { seeds, steps } = results.lessons[0];
  return [
    table(
      "One layer of n ReLUs on a plane, weights drawn at random: counted, and the most there can be",
      ["units", "counted", "C(n,0) + C(n,1) + C(n,2)"],
      results.oneLayer.map(({ units, counted, zaslavsky }) => [units, counted, zaslavsky]),
    ),
    table(
      "Folding the square [-1, 1]² by (|x|, |y|), 4 units a layer: 4^L regions",
      KNOWN_HEAD,
      results.folding.map(knownRow),
    ),
    table("A triangle wave of 3 units a layer: 3^L pieces of a line", KNOWN_HEAD, results.wave.map(knownRow)),
    table(
      "8 units a layer, set so that the net has as many regions as Montúfar's lower bound promises",
      KNOWN_HEAD,
      results.lowerBound.map(knownRow),
    ),
    table(
      "Broken lines: one layer of n ReLUs, error on [0, 1], largest change of the slope at a crease",
      ["function", "units", "largest error", "mean error", "change of slope", "with a sigmoid"],
      results.approximation.map((row) => [
        row.target,
        row.units,
        ...[row.largest, row.mean, row.jump, row.jumpOfSigmoid].map(fewDigits),
      ]),
    ),
    table(
      "x² on [0, 1] by waves, three units a layer",
      ["layers", "units", "largest error", "4^−(layers + 1)", "units of one layer for that"],
      results.squares.map(({ layers, units, largest, expected, oneLayer }) => [
        layers,
        units,
        scientific(largest),
        scientific(expected),
        oneLayer,
      ]),
    ),
    table(
      `Random nets, 8 units a layer, mean of ${nets}: regions of a square beside the bounds`,
      [
        "layers",
        "units",
        "regions",
        "from–to",
        "line",
        "Pascanu ≥",
        "Montúfar ≥",
        "Serra ≥",
        "Montúfar ≤",
        "Serra ≤",
      ],
      results.depth.map((row) => [
        row.widths.length,
        row.units,
        row.mean.toFixed(1),
        `${row.least}–${row.most}`,
        row.line.toFixed(1),
        ...[row.pascanuLower, row.montufarLower, row.serraLower, row.montufarUpper, row.serraUpper],
      ]),
    ),
    table(
      `Random nets of 48 units in one to six layers, mean of ${nets}`,
      ["widths", "regions", "from–to", "linear", "line", "Montúfar ≥", "Serra ≤"],
      results.sameUnits.map(sameUnitsRow),
    ),
    table(
      `Learning to fold, best of ${seeds}, ${grouped(steps)} steps (to answer ½ always: loss ${results.meanLoss.toFixed(4)})`,
      ["folds", "regions", "net", "best loss", "median loss", "regions before", "after", "linear after"],
      results.lessons.map(lessonRow),
    ),
  ];
}

const KNOWN_HEAD = ["layers", "units", "counted", "expected", "one layer of as many units ≤", "Serra ≤"];

type Row = readonly (number | string | null)[];

function knownRow(row: Results["folding"][number]): Row {
  return [row.layers, row.units, row.counted, row.expected, row.oneLayer, row.serraUpper];
}

function sameUnitsRow(row: RandomCount & Bounds): Row {
  const { widths, mean, least, most, linear, line, montufarLower, serraUpper } = row;
  const layout = widths.length === 1 ? `${widths[0]}` : `${widths.length} × ${widths[0]}`;
  return [
    layout,
    mean.toFixed(1),
    `${least}–${most}`,
    linear.toFixed(1),
    line.toFixed(1),
    montufarLower,
    serraUpper,
  ];
}

function lessonRow(row: LessonResult): Row {
  const { times, widths, bestLoss, medianLoss, before, after, linearAfter } = row;
  const net = ["2", ...widths, "2"].join("-");
  return [times, 4 ** times, net, scientific(bestLoss), scientific(medianLoss), before, after, linearAfter];
}

function table(title: string, head: readonly string[], rows: readonly Row[]): string {
  const cells = [head, ...rows.map((row) => row.map(cell))];
  return [title, "", ...alignColumns(cells, [])].join("\n");
}

function cell(value: number | string | null): string {
  if (value === null) return "-";
  return typeof value === "number" ? grouped(value) : value;
}

/** 1234567 → 1,234,567. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function fewDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function scientific(value: number): string {
  return value.toExponential(1);
}
