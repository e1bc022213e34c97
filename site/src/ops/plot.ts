/** The plot of an element-wise op with two derivatives, as paths of an SVG: made by the op itself, when the page is built. */

import type { SampleInput } from "@gradus/core/testing";
import type { CatalogueEntry, SampleEntry } from "../../../tools/catalogue/catalogue.ts";
import { type Curve, curve, type OpCall } from "./evaluate.ts";
import { HEIGHT, type Span, WIDTH } from "./size.ts";

const POINTS = 481;

/** A plot as plain data. */
export interface Plot {
  readonly call: OpCall;
  /** The position of the input that moves. */
  readonly by: number;
  readonly x: Span;
  readonly y: Span;
  /** The paths of the function, its derivative and its second derivative; null where no gradient flows. */
  readonly paths: readonly (string | null)[];
}

/** The plot of an op; null if it has none, such as an op that is not element-wise. */
export function plotOf(entry: CatalogueEntry): Plot | null {
  if (entry.group !== "element-wise") return null;
  // Conditions are given as values; what is drawn can be moved.
  const by = entry.inputs.findIndex((_, i) =>
    entry.samples.some(({ inputs }) => inputs[i] && "shape" in inputs[i]),
  );
  const sample = entry.samples.find(({ inputs }) =>
    inputs.every((x, i) => ("values" in x ? i !== by && typeof x.values === "number" : x.shape.length === 0)),
  );
  if (sample === undefined) return null;
  const x = domainOf(entry.samples, by);
  const call: OpCall = {
    op: entry.name,
    list: false,
    inputs: sample.inputs.map((x, i) => ({ shape: [], data: [fixedAt(x, i)] })),
    params: sample.params,
  };
  const points = Array.from({ length: POINTS }, (_, i) => x.low + ((x.high - x.low) * i) / (POINTS - 1));
  const { value, first, second } = curve(call, by, points);
  const y = heights({ value, first, second });
  return { call, by, x, y, paths: [value, first, second].map((ys) => ys && pathOf(ys, y)) };
}

/** The number of an input that does not move: the sample's, or one that differs from those of the other inputs. */
function fixedAt(input: SampleInput, position: number): number {
  return "values" in input ? Number(input.values) : [1.5, 0.5, -0.5][position];
}

/** The numbers that the samples draw for an input, and a quarter more on each side. */
function domainOf(samples: readonly SampleEntry[], by: number): Span {
  const drawn = samples.flatMap(({ inputs }) => {
    const x = inputs[by];
    return x && "shape" in x ? [x] : [];
  });
  const low = Math.min(...drawn.map((x) => x.low ?? -2));
  const high = Math.max(...drawn.map((x) => x.high ?? 2));
  const more = (high - low) / 4;
  return { low: low - more, high: high + more };
}

/** The range of y that shows the function, and of the derivatives as much as fits into twice its range. */
function heights({ value, first, second }: Curve): Span {
  const main = middle(value, 0.02);
  const room = Math.max(1, main.high - main.low);
  const others = [first, second].flatMap((ys) => (ys ? [middle(ys, 0.02)] : []));
  const low = Math.min(0, main.low, ...others.map((span) => Math.max(span.low, main.low - room / 2)));
  const high = Math.max(0, main.high, ...others.map((span) => Math.min(span.high, main.high + room / 2)));
  const edge = 0.06 * (high - low || 1);
  return { low: fewDigits(low - edge), high: fewDigits(high + edge) };
}

function fewDigits(x: number): number {
  return Number(x.toPrecision(3));
}

/** The range of the finite numbers without the smallest and the largest `share` of them. */
function middle(values: readonly number[], share: number): Span {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return { low: 0, high: 0 };
  const cut = Math.floor(share * sorted.length);
  return { low: sorted[cut], high: sorted[sorted.length - 1 - cut] };
}

/** A path through values at even distances; it is cut at jumps, at the upper and the lower edge, and where there is no number. */
export function pathOf(values: readonly number[], { low, high }: Span): string {
  const scale = HEIGHT / (high - low);
  const runs: [number, number][][] = [[]];
  values.forEach((value, i) => {
    const y = (high - value) * scale;
    const run = runs[runs.length - 1];
    const last = run[run.length - 1];
    const inside = y >= -1 && y <= HEIGHT + 1;
    const jump = last !== undefined && Math.abs(y - last[1]) > HEIGHT / 8 && isJump(values, i);
    if (!inside || jump) runs.push([]);
    if (inside) runs[runs.length - 1].push([(WIDTH * i) / (values.length - 1), y]);
  });
  return runs
    .filter((run) => run.length > 1)
    .map((run) => written(simplified(run)))
    .join("");
}

/** Whether the step to a value is much larger than the steps beside it. */
function isJump(values: readonly number[], i: number): boolean {
  const step = (j: number): number => Math.abs(values[j] - values[j - 1]);
  const beside = Math.max(i >= 2 ? step(i - 1) : 0, i + 1 < values.length ? step(i + 1) : 0);
  return !(step(i) <= 4 * beside);
}

/** The points that a line needs to stay within half a unit of all (Douglas and Peucker 1973). */
function simplified(points: readonly [number, number][]): readonly [number, number][] {
  if (points.length < 3) return points;
  const [x0, y0] = points[0];
  const [x1, y1] = points[points.length - 1];
  let worst = 0;
  let distance = 0;
  points.forEach(([x, y], i) => {
    const d = Math.abs((y1 - y0) * (x - x0) - (x1 - x0) * (y - y0)) / Math.hypot(x1 - x0, y1 - y0);
    if (d > distance) [worst, distance] = [i, d];
  });
  if (distance <= 0.5) return [points[0], points[points.length - 1]];
  return [...simplified(points.slice(0, worst + 1)).slice(0, -1), ...simplified(points.slice(worst))];
}

/** Whole units, each point relative to the one before. */
function written(points: readonly [number, number][]): string {
  const whole = points.map(([x, y]) => [Math.round(x), Math.round(y)]);
  const steps = whole.slice(1).map(([x, y], i) => `${x - whole[i][0]},${y - whole[i][1]}`);
  return `M${whole[0]}l${steps.join(" ")}`.replace(/[, ]-/g, "-");
}
