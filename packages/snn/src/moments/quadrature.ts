import { ArgumentError, check, math, noMore, type Range, ranges, resolveOptions, show } from "@gradus/core";
import { type Moments, NORMALIZED, netInput, type WeightMoments } from "./net-input.ts";

/** Options of {@link activationMoments}. */
export interface QuadratureOptions {
  /** Points at which f jumps, bends or changes fast. Default [0]. */
  readonly kinks?: readonly number[];
}

/** The range of the integral, in standard deviations; the probability outside is below 1e-56. */
const REACH = 16;
/** Points of the Gauss-Legendre rule: exact for polynomials of degree 31. */
const POINTS = 16;
/** A panel is halved while this changes its integral by more than this share of the whole … */
const TOLERANCE = 1e-15;
/** … and there are fewer panels than this. */
const MOST_PANELS = 1000;

/**
 * Mean and variance of any activation f(z), by quadrature, for z normal with mean μω and variance ντ. For SELU,
 * `seluMoments` has the closed form.
 *
 * Gauss-Legendre rules on panels that end at the kinks (a Gauss-Hermite rule would have only a few digits there). The
 * panel with the largest error is halved until the error is small, so that a kink not given costs time, not digits.
 *
 * Errors measured for SELU, ReLU, GELU, tanh and a step, at standard deviations from 1e-3 to 1e4: below 1e-13 of the
 * value for the variance, of the standard deviation for the mean. Digits are lost if f(z) hardly changes, such as a large
 * constant plus a small term. f may grow like a power, or like eᶻ up to a standard deviation of 3.
 *
 * @param f the activation, finite up to 16 standard deviations from the mean of z.
 * @param input μ and ν, mean and variance of the inputs.
 * @param weights ω and τ. Default { sum: 0, squareSum: 1 }, normalized weights.
 * @param options `kinks`: points at which f jumps or bends. Default [0].
 * @throws ArgumentError for numbers, or values of f, that are not finite, and a negative variance or square sum.
 * @example activationMoments((x) => Math.max(x, 0), { mean: 0, variance: 1 }); // { mean: 0.3989, variance: 0.3408 }
 */
export function activationMoments(
  f: (x: number) => number,
  input: Moments,
  weights: WeightMoments = NORMALIZED,
  options: QuadratureOptions = {},
  ...extra: readonly undefined[]
): Moments {
  noMore("activationMoments", "f, input, weights, options", extra);
  check("activationMoments", "f", f, ranges.callable);
  const { kinks } = resolveOptions<Required<QuadratureOptions>>(
    "activationMoments",
    options,
    { kinks: [0] },
    { kinks: list },
  );
  const { mean: m, variance } = netInput("activationMoments", input, weights);
  for (const kink of kinks) check("activationMoments", "each of kinks", kink, ranges.finite);
  const s = Math.sqrt(variance);
  const valueAt = (z: number): number => {
    const value = f(z);
    if (Number.isFinite(value)) return value;
    throw new ArgumentError(
      `activationMoments: f(${z}) is ${show(value)}; f must be a finite number up to ${REACH} standard deviations ` +
        "from the mean: rewrite it without overflow, or take a smaller variance",
    );
  };
  const center = valueAt(m);
  if (s === 0) return { mean: center, variance: 0 };
  const edges = panelEdges(m, s, kinks);
  const expectation = (g: (difference: number) => number): number =>
    integrate((u) => g(valueAt(m + s * u) - center) * PHI_0 * math.exp(-0.5 * u * u), edges);
  const shift = expectation((difference) => difference);
  const spread = expectation((difference) => (difference - shift) * (difference - shift));
  return { mean: center + shift, variance: spread };
}

const list: Range = { says: "must be an array of numbers", admits: Array.isArray };

/** 1/√(2π). */
const PHI_0 = 0.3989422804014327;

/**
 * Every second standard deviation, the kinks, and 1, 4, 16, … on both sides of them: activations bend within a few units
 * of a kink, which may be a small part of a standard deviation.
 */
function panelEdges(m: number, s: number, kinks: readonly number[]): number[] {
  const edges: number[] = [];
  for (let u = -REACH; u <= REACH; u += 2) edges.push(u);
  for (const kink of kinks) {
    const u = (kink - m) / s;
    edges.push(u);
    for (let distance = 1; distance < 2 * s; distance *= 4) edges.push(u - distance / s, u + distance / s);
  }
  const inside = edges.filter((u) => Math.abs(u) <= REACH).sort((a, b) => a - b);
  return inside.filter((u, i) => u !== inside[i - 1]);
}

interface Panel {
  readonly from: number;
  readonly middle: number;
  readonly to: number;
  /** The integrals over both halves, and the difference of their sum from the rule for the whole panel. */
  readonly left: number;
  readonly right: number;
  readonly error: number;
}

/** The integral of g from the first edge to the last. */
function integrate(g: (u: number) => number, edges: readonly number[]): number {
  const measure = (from: number, to: number, whole: number): Panel => {
    const middle = 0.5 * (from + to);
    const left = gaussLegendre(g, from, middle);
    const right = gaussLegendre(g, middle, to);
    return { from, middle, to, left, right, error: Math.abs(left + right - whole) };
  };
  const panels = edges.slice(1).map((to, i) => measure(edges[i], to, gaussLegendre(g, edges[i], to)));
  const size = panels.reduce((sum, { left, right }) => sum + Math.abs(left) + Math.abs(right), 0);
  while (panels.length < MOST_PANELS) {
    const worst = panels.reduce((place, { error }, i) => (error > panels[place].error ? i : place), 0);
    const { from, middle, to, left, right, error } = panels[worst];
    if (!(error > TOLERANCE * size)) break;
    panels.splice(worst, 1, measure(from, middle, left), measure(middle, to, right));
  }
  return panels.reduce((sum, { left, right }) => sum + (left + right), 0);
}

function gaussLegendre(g: (u: number) => number, from: number, to: number): number {
  const half = 0.5 * (to - from);
  const middle = 0.5 * (from + to);
  let sum = 0;
  for (const [x, weight] of rule()) sum += weight * (g(middle - half * x) + g(middle + half * x));
  return half * sum;
}

type Rule = readonly (readonly [x: number, weight: number])[];
let known: Rule | undefined;

/**
 * The points x > 0 of the rule, the zeros of the Legendre polynomial Pₙ, with their weights 2 / ((1 − x²) Pₙ′(x)²).
 * Newton's method from cos(π(i + ¾)/(n + ½)) doubles the digits at each step.
 */
function rule(): Rule {
  known ??= Array.from({ length: POINTS / 2 }, (_, i) => {
    let x = math.cos((Math.PI * (i + 0.75)) / (POINTS + 0.5));
    let slope = 0;
    for (let step = 0; step < 6; step++) {
      // k Pₖ = (2k − 1) x Pₖ₋₁ − (k − 1) Pₖ₋₂, and (x² − 1) Pₙ′ = n (x Pₙ − Pₙ₋₁).
      let [before, now] = [1, x];
      for (let k = 2; k <= POINTS; k++) [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
      slope = (POINTS * (x * now - before)) / (x * x - 1);
      x -= now / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)];
  });
  return known;
}
