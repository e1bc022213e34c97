/**
 * ReLU nets that approximate functions on [0, 1]. With f given at the ends of n equal pieces, one layer of n units draws the broken
 * line through these points: f(0) + Σ (s_j − s_{j−1})·ReLU(x − j/n), with the slope s_j of piece j and s_{−1} = 0.
 */
import { grad, math, type Tensor, tensor } from "@gradus/core";
import { ReLU, Sequential, Sigmoid } from "@gradus/nn";
import { denseOf } from "./constructions.ts";

export interface Target {
  readonly name: string;
  readonly f: (x: number) => number;
}

/** Two continuous functions, the second with an infinite slope at 0, and one with a jump at ½; at 1 it is its limit, 1. */
export const targets: readonly Target[] = [
  { name: "sin(2πx)", f: (x) => math.sin(2 * Math.PI * x) },
  { name: "√x", f: (x) => Math.sqrt(x) },
  { name: "2x mod 1", f: (x) => (x < 0.5 ? 2 * x : 2 * x - 1) },
];

/** A net of one layer of n ReLUs, and its errors. */
export interface Approximation {
  readonly target: string;
  readonly units: number;
  /** The largest and the mean distance from the function, over {@link POINTS} points of [0, 1]. */
  readonly largest: number;
  readonly mean: number;
  /** The largest change of the slope at a crease: of the net, and of the net with a sigmoid as last layer. */
  readonly jump: number;
  readonly jumpOfSigmoid: number;
}

const POINTS = 10_007;

/** The broken line through f at 0, 1/n, …, 1. */
export function brokenLine(f: (x: number) => number, n: number): Sequential {
  const values = Array.from({ length: n + 1 }, (_, i) => f(i / n));
  const slopes = values.slice(1).map((value, i) => n * (value - values[i]));
  const changes = slopes.map((slope, i) => slope - (slopes[i - 1] ?? 0));
  return new Sequential(
    denseOf(
      [slopes.map(() => 1)],
      slopes.map((_, i) => (i === 0 ? 0 : -i / n)),
    ),
    new ReLU(),
    denseOf(
      changes.map((change) => [change]),
      [values[0]],
    ),
  );
}

/** Approximates each target with each number of units. */
export function approximate(sizes: readonly number[]): Approximation[] {
  // The middles of equal parts: 0 ≤ x < 1, and never on a jump.
  const places = Float64Array.from({ length: POINTS }, (_, i) => (i + 0.5) / POINTS);
  const x = tensor(places).reshape({ shape: [POINTS, 1] });
  return targets.flatMap(({ name, f }) =>
    sizes.map((units) => {
      const net = brokenLine(f, units);
      const errors = net.forward(x).data.map((y, i) => Math.abs(y - f(places[i])));
      return {
        target: name,
        units,
        largest: errors.reduce((a, b) => Math.max(a, b)),
        mean: errors.reduce((a, b) => a + b) / POINTS,
        jump: largestJump(net, units),
        jumpOfSigmoid: largestJump(new Sequential(...net.layers, new Sigmoid()), units),
      };
    }),
  );
}

/** How far beside a crease a slope is taken: far enough for rounding, near enough for a smooth function not to change. */
const BESIDE = 1e-9;

/** The largest difference of the slopes just left and right of the creases 1/n, 2/n, …. */
function largestJump(net: Sequential, n: number): number {
  const slopes = (side: number): Float64Array => {
    const at = Array.from({ length: n - 1 }, (_, i) => [(i + 1) / n + side * BESIDE]);
    return grad((x: Tensor) => net.forward(x).sum())(tensor(at)).data as Float64Array;
  };
  const right = slopes(1);
  return slopes(-1).reduce((most, slope, i) => Math.max(most, Math.abs(right[i] - slope)), 0);
}

/** x² by depth: m layers of waves, and the largest error. */
export interface Square {
  readonly layers: number;
  readonly units: number;
  readonly largest: number;
  /** 4^−(m+1), the error of the broken line with 2^m pieces, and the units that one layer needs for these pieces. */
  readonly expected: number;
  readonly oneLayer: number;
}

/**
 * x² ≈ x − Σ_{k=1}^m gₖ(x)/4ᵏ with the triangle wave g₁(x) = 2·min(x, 1 − x), gₖ = g₁(gₖ₋₁) (Yarotsky 2017, proposition 2): the
 * broken line through 2^m + 1 points of x², with three units per layer, of which one carries the sum on. The sum is never negative.
 */
export function squareNet(layers: number): Sequential {
  // Units of a layer: g, g − ½, and the sum so far. The next wave is 2g − 4·ReLU(g − ½).
  const blocks = Array.from({ length: layers }, (_, i) => {
    const k = i + 1;
    if (k === 1) return [denseOf([[1, 1, 1]], [0, -0.5, 0]), new ReLU()];
    // The wave before this layer is g_{k−1}, which leaves the sum.
    const part = 4 ** -(k - 1);
    return [
      denseOf(
        [
          [2, 2, -2 * part],
          [-4, -4, 4 * part],
          [0, 0, 1],
        ],
        [0, -0.5, 0],
      ),
      new ReLU(),
    ];
  });
  const part = 4 ** -layers;
  return new Sequential(...blocks.flat(), denseOf([[-2 * part], [4 * part], [1]], [0]));
}

export function squares(depth: number): Square[] {
  return Array.from({ length: depth }, (_, i): Square => {
    const layers = i + 1;
    const pieces = 2 ** layers;
    // The error of a broken line through points of a parabola is largest in the middle of each piece.
    const middles = Float64Array.from({ length: pieces }, (_, j) => (j + 0.5) / pieces);
    const y = squareNet(layers).forward(tensor(middles).reshape({ shape: [pieces, 1] })).data;
    return {
      layers,
      units: 3 * layers,
      largest: y.reduce((most, value, j) => Math.max(most, Math.abs(value - middles[j] * middles[j])), 0),
      expected: 4 ** -(layers + 1),
      oneLayer: pieces,
    };
  });
}
