import { math } from "@gradus/core";

/**
 * The parts of a normal number z on both sides of 0, the kink of SELU. Every moment of SELU is a short sum of them: SELU
 * is linear on the right half and linear in eᶻ − 1 on the left half.
 */
export interface Halves {
  /** The mean of z in standard deviations, limited to ±40: beyond, the probability of the smaller half rounds to 0. */
  readonly t: number;
  /** φ(t): the density of z at 0 is φ(t)/σ. */
  readonly phi: number;
  readonly right: {
    /** P(z > 0). */
    readonly probability: number;
    /** E[z; z > 0], the mean of max(z, 0). */
    readonly first: number;
    /** P(z > 0) · Var(z | z > 0). */
    readonly spread: number;
  };
  readonly left: {
    /** P(z ≤ 0). */
    readonly probability: number;
    /** E[z; z ≤ 0]. */
    readonly linear: number;
    /** E[eᶻ; z ≤ 0]. */
    readonly exponential: number;
    /** E[eᶻ − 1; z ≤ 0]. */
    readonly first: number;
    /** P(z ≤ 0) · Var(eᶻ | z ≤ 0). */
    readonly spread: number;
  };
}

/** 1/√(2π). */
const PHI_0 = 0.3989422804014327;
/** √(π/2). */
const ROOT_HALF_PI = 1.2533141373155003;
/** Terms of the series; 2ᵏ/k! falls so fast that later terms do not change the sum. */
const TERMS = 36;

/** The halves of z ~ N(m, v) for v > 0. */
export function halves(m: number, v: number): Halves {
  const s = Math.sqrt(v);
  const t = Math.min(Math.max(m / s, -40), 40);
  const phi = PHI_0 * math.exp(-0.5 * t * t);
  // The less likely half, by Mills' ratio P/φ(t) = √(π/2) erfcx(|t|/√2): so the differences below keep their digits.
  const mills = ROOT_HALF_PI * math.erfcx(Math.SQRT1_2 * Math.abs(t));
  const less = phi * mills;
  const far = s * phi * (1 - Math.abs(t) * mills);
  const p = t < 0 ? less : 1 - less;
  const q = t < 0 ? 1 - less : less;
  const right = {
    probability: p,
    first: t < 0 ? far : m + far,
    spread: t < 0 ? v * phi * (mills - t - 1 / mills) : v * (p - t * phi - (phi * phi) / p),
  };
  const linear = t < 0 ? m - far : -far;
  return { t, phi, right, left: { probability: q, linear, ...leftHalf(m, v, q, linear) } };
}

type Left = Pick<Halves["left"], "exponential" | "first" | "spread">;

/** The moments of the left half, each by a formula that loses no digits. */
function leftHalf(m: number, v: number, q: number, linear: number): Left {
  if (q === 0) return { exponential: 0, first: 0, spread: 0 };
  if (m + 2 * v < -9 * Math.sqrt(v)) {
    // The right half has probability 0, even weighted by e²ᶻ: eᶻ is log-normal.
    const first = math.expm1(m + 0.5 * v);
    return { exponential: math.exp(m + 0.5 * v), first, spread: math.exp(2 * m + v) * math.expm1(v) };
  }
  if (m * m + v < 0.25) return nearZero(m, v, q, linear);
  const exponential = exponentialMoment(1, m, v);
  const spread = exponentialMoment(2, m, v) - exponential * (exponential / q);
  return { exponential, first: exponential - q, spread };
}

/**
 * E[eᵏᶻ; z ≤ 0] = ½ exp(km + k²v/2) erfc((m + kv)/√(2v)), a term of eqs. 4 and 5 of Klambauer et al. 2017. erfcx avoids
 * overflow for large v: exp(km + k²v/2) erfc(x) = exp(−m²/2v) erfcx(x).
 */
function exponentialMoment(k: number, m: number, v: number): number {
  const s = Math.sqrt(v);
  const x = Math.SQRT1_2 * (m / s + k * s);
  if (x <= 0) return 0.5 * math.exp(k * (m + 0.5 * k * v)) * math.erfc(x);
  return 0.5 * math.exp(-0.5 * (m / s) * (m / s)) * math.erfcx(x);
}

/**
 * The moments for z near 0, for which the closed form subtracts nearly equal numbers: eᶻ − 1 = Σ zᵏ/k! and
 * (eᶻ − 1)² = Σ (2ᵏ − 2) zᵏ/k!, with Tₖ = E[zᵏ; z ≤ 0] from Tₖ₊₁ = m Tₖ + k v Tₖ₋₁ (integration by parts).
 */
function nearZero(m: number, v: number, q: number, linear: number): Left {
  let before = q;
  let now = linear;
  let first = 0;
  let second = 0;
  let power = 1;
  let inverseFactorial = 1;
  for (let k = 1; k <= TERMS; k++) {
    power *= 2;
    inverseFactorial /= k;
    first += inverseFactorial * now;
    second += (power - 2) * inverseFactorial * now;
    [before, now] = [now, m * now + k * v * before];
  }
  return { exponential: q + first, first, spread: second - first * (first / q) };
}
