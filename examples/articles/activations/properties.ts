/** Measured properties of activation functions: every number comes from calls of the function or its gradient. */
import { type TensorFunction, tensor } from "@gradus/core";
import { short, type Table } from "../../shared/table.ts";
import { type Activation, slopeOf } from "./functions.ts";

/** A function is saturated here where its slope is below this. */
export const SATURATED = 1e-3;

/** The smallest step away from 0. */
const TINY = Number.MIN_VALUE;

/** The sample points: hundredths around 0, halves up to ±800 (beyond the double range of eˣ), and the doubles next to 0. */
const near = Float64Array.from({ length: 10001 }, (_, i) => (i - 5000) / 100);
const far = Float64Array.from({ length: 1500 }, (_, i) => 50.5 + i / 2);
const everywhere = Float64Array.from([...far.map((x) => -x), ...near, ...far, -TINY, TINY]).sort();

export interface FixedPoint {
  /** The ends of an interval of fixed points, equal for a single point. Infinite if the interval reaches ±50. */
  readonly from: number;
  readonly to: number;
  /** The slope there: if it is below 1, x ← f(x) converges to the point. */
  readonly slope: number;
}

export interface Properties {
  readonly name: string;
  /** The smallest and the largest value, limits at ±∞ included. */
  readonly range: readonly [low: number, high: number];
  /** The slope on the left of 0, at 0 and on the right of it. */
  readonly slopes: readonly [left: number, at: number, right: number];
  /** The largest |slope|. */
  readonly lipschitz: number;
  /** The ranges at both ends of the line where |slope| is below {@link SATURATED}. */
  readonly saturated: Sides;
  /** The ranges at both ends where the slope is exactly 0: no gradient flows there. */
  readonly dead: Sides;
  readonly fixedPoints: readonly FixedPoint[];
}

/** "x ≤ left" and "x ≥ right", null for nowhere. */
export interface Sides {
  readonly left: number | null;
  readonly right: number | null;
}

export function measure({ name, f }: Activation): Properties {
  const at = (x: number): number => f(tensor(x)).item();
  const slope = slopeOf(f);
  const slopeAt = (x: number): number => slope(tensor(x)).item();
  const values = [...f(tensor(everywhere)).data, at(Number.NEGATIVE_INFINITY), at(Number.POSITIVE_INFINITY)];
  const slopes = slope(tensor(everywhere)).data;
  const sides = (holds: (slope: number) => boolean): Sides => ({
    left: edge([...everywhere], [...slopes], slopeAt, holds),
    right: edge([...everywhere].reverse(), [...slopes].reverse(), slopeAt, holds),
  });
  return {
    name,
    range: [least(values), -least(values.map((value) => -value))],
    slopes: [slopeAt(-TINY), slopeAt(0), slopeAt(TINY)],
    lipschitz: -least([...slopes].map((value) => -Math.abs(value))),
    saturated: sides((value) => Math.abs(value) < SATURATED),
    dead: sides((value) => value === 0),
    fixedPoints: fixedPointsOf(f),
  };
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));

/** The last x, exact to the last bit, up to which the slope meets the condition at all x from the first one on. */
function edge(
  x: readonly number[],
  slopes: readonly number[],
  slopeAt: (x: number) => number,
  holds: (slope: number) => boolean,
): number | null {
  const first = slopes.findIndex((slope) => !holds(slope));
  if (first <= 0) return null;
  let [inside, outside] = [x[first - 1], x[first]];
  for (;;) {
    const middle = (inside + outside) / 2;
    if (middle === inside || middle === outside) return inside;
    if (holds(slopeAt(middle))) inside = middle;
    else outside = middle;
  }
}

/** The points with f(x) = x for |x| ≤ 50. */
function fixedPointsOf(f: TensorFunction): FixedPoint[] {
  const offset = (x: number): number => f(tensor(x)).item() - x;
  const slope = slopeOf(f);
  const point = (from: number, to: number): FixedPoint => ({
    from: from === near[0] ? Number.NEGATIVE_INFINITY : from,
    to: to === near[near.length - 1] ? Number.POSITIVE_INFINITY : to,
    slope: slope(tensor(to)).item(),
  });
  const offsets = f(tensor(near)).sub(tensor(near)).data;
  const found: FixedPoint[] = [];
  for (let i = 0; i < near.length; i++) {
    if (offsets[i] === 0) {
      const start = i;
      while (offsets[i + 1] === 0) i++;
      found.push(point(near[start], near[i]));
    } else if (offsets[i - 1] * offsets[i] < 0) {
      const root = signChange(offset, near[i - 1], near[i]);
      found.push(point(root, root));
    }
  }
  return found;
}

function signChange(f: (x: number) => number, from: number, to: number): number {
  const sign = Math.sign(f(from));
  for (;;) {
    const middle = (from + to) / 2;
    if (middle === from || middle === to) return middle;
    if (Math.sign(f(middle)) === sign) from = middle;
    else to = middle;
  }
}

export function propertiesTable(all: readonly Properties[]): Table {
  return [
    ["function", "smallest", "largest", "f′(0−)", "f′(0)", "f′(0+)", "Lipschitz", "f(x) = x at"],
    ...all.map(({ name, range, slopes, lipschitz, fixedPoints }) => [
      name,
      ...range.map((value) => short(value)),
      ...slopes.map((slope) => short(slope)),
      short(lipschitz),
      fixedPoints
        .map(({ from, to }) =>
          from === to ? short(from) : from === 0 && to > 50 ? "x ≥ 0" : `${from} … ${to}`,
        )
        .join(", "),
    ]),
  ];
}

export function gradientTable(all: readonly Properties[]): Table {
  const where = ({ left, right }: Sides): string[] => [
    left === null ? "–" : `x ≤ ${short(left)}`,
    right === null ? "–" : `x ≥ ${short(right)}`,
  ];
  return [
    ["function", `f′ < ${SATURATED}, left`, "right", "f′ = 0, left", "right"],
    ...all.map(({ name, saturated, dead }) => [name, ...where(saturated), ...where(dead)]),
  ];
}
