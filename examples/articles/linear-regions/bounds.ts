/**
 * Bounds for the number of linear regions of a ReLU net with `inputs` inputs and hidden layers of the given widths.
 *
 * An upper bound holds for every net of that shape; a lower bound is reached by some net of that shape. On a plane of
 * its inputs a net has the bounds of a net with two inputs, on a line those of a net with one.
 *
 * The results are `bigint`, because they quickly exceed the range in which doubles are exact.
 */
import { ArgumentError, show } from "@gradus/core";

/**
 * One layer: Σ_{j ≤ inputs} C(units, j), the pieces into which that many hyperplanes in general position cut space.
 *
 * Zaslavsky 1975, Facing up to Arrangements; Pascanu, Montúfar & Bengio 2013, proposition 2.
 */
export function zaslavsky(inputs: number, units: number): bigint {
  check("zaslavsky", inputs, [units]);
  return subsets(units, inputs);
}

/**
 * Π_{l<L} ⌊n_l/n₀⌋ · Σ_{j ≤ n₀} C(n_L, j); null unless every layer is at least as wide as the input.
 *
 * Pascanu, Montúfar & Bengio 2013, On the Number of Response Regions of Deep Feed Forward Networks with Piece-wise
 * Linear Activations.
 */
export function pascanuLower(inputs: number, widths: readonly number[]): bigint | null {
  check("pascanuLower", inputs, widths);
  return lower(inputs, widths, 1, (folds) => folds);
}

/**
 * Π_{l<L} ⌊n_l/n₀⌋^n₀ · Σ_{j ≤ n₀} C(n_L, j): all but the last layer fold space, each axis ⌊n_l/n₀⌋ times; null unless
 * every layer is at least as wide as the input.
 *
 * Montúfar, Pascanu, Cho & Bengio 2014, On the Number of Linear Regions of Deep Neural Networks.
 */
export function montufarLower(inputs: number, widths: readonly number[]): bigint | null {
  check("montufarLower", inputs, widths);
  return lower(inputs, widths, 1, (folds) => folds ** BigInt(inputs));
}

/**
 * Π_{l<L} (⌊n_l/n₀⌋ + 1)^n₀ · Σ_{j ≤ n₀} C(n_L, j); null unless every layer is three times as wide as the input.
 *
 * Serra, Tjandraatmadja & Ramalingam 2018, Bounding and Counting Linear Regions of Deep Neural Networks.
 */
export function serraLower(inputs: number, widths: readonly number[]): bigint | null {
  check("serraLower", inputs, widths);
  return lower(inputs, widths, 3, (folds) => (folds + 1n) ** BigInt(inputs));
}

/**
 * Π_l Σ_{j ≤ d_l} C(n_l, j), d_l = min(n₀, …, n_l).
 *
 * Montúfar 2017, Notes on the Number of Linear Regions of Deep Neural Networks.
 */
export function montufarUpper(inputs: number, widths: readonly number[]): bigint {
  check("montufarUpper", inputs, widths);
  let dimension = inputs;
  return widths.reduce((product, width) => {
    dimension = Math.min(dimension, width);
    return product * subsets(width, dimension);
  }, 1n);
}

/**
 * Σ Π_l C(n_l, j_l) over all j_l ≤ min(n₀, n₁ − j₁, …, n_{l−1} − j_{l−1}, n_l): where many units are off, the image has
 * few dimensions for the next layers to cut.
 *
 * Serra, Tjandraatmadja & Ramalingam 2018, theorem 1.
 */
export function serraUpper(inputs: number, widths: readonly number[]): bigint {
  check("serraUpper", inputs, widths);
  const from = (layer: number, dimension: number): bigint => {
    if (layer === widths.length) return 1n;
    const width = widths[layer];
    let sum = 0n;
    for (let j = 0; j <= Math.min(dimension, width); j++) {
      sum += choose(width, j) * from(layer + 1, Math.min(dimension, width - j));
    }
    return sum;
  };
  return from(0, inputs);
}

function lower(
  inputs: number,
  widths: readonly number[],
  least: number,
  pieces: (folds: bigint) => bigint,
): bigint | null {
  if (widths.some((width) => width < least * inputs)) return null;
  return widths.reduce(
    (product, width, l) =>
      product * (l < widths.length - 1 ? pieces(BigInt(Math.floor(width / inputs))) : subsets(width, inputs)),
    1n,
  );
}

/** Σ_{j ≤ most} C(n, j). */
function subsets(n: number, most: number): bigint {
  let sum = 0n;
  for (let j = 0; j <= Math.min(n, most); j++) sum += choose(n, j);
  return sum;
}

/** C(n, k), n over k. */
function choose(n: number, k: number): bigint {
  let value = 1n;
  for (let i = 1; i <= k; i++) value = (value * BigInt(n - k + i)) / BigInt(i);
  return value;
}

function check(who: string, inputs: number, widths: readonly number[]): void {
  const wrong = [inputs, ...widths].find((value) => !Number.isSafeInteger(value) || value < 1);
  if (wrong !== undefined || widths.length === 0) {
    throw new ArgumentError(
      `${who}: needs at least one input, one layer and one unit in each, got ${show(inputs)} inputs and widths ${show(widths)}`,
    );
  }
}
