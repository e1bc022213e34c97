import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import { oneOf, type Range } from "../ranges.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, neg } from "./arithmetic.ts";
import { damped } from "./damped.ts";
import { erfc, exp } from "./exponential.ts";
import { sigmoid } from "./saturating.ts";
import { square } from "./square.ts";

/** Params of {@link gelu}. */
export interface GeluParams {
  /** "none" (default) for the exact form, "tanh" for the paper's approximation. */
  readonly approximate?: "none" | "tanh";
}

const FORMS: Range = oneOf("none", "tanh");

/** 1/√2. */
const INV_SQRT_2 = Math.SQRT1_2;
/** 1/√(2π), the height of the normal density. */
const INV_SQRT_2PI = 0.3989422804014327;
/** √(8/π), twice the paper's √(2/π), because ½(1 + tanh z) = σ(2z). */
const SQRT_8_OVER_PI = 1.5957691216057308;
/** The paper's fitted constant. */
const CUBIC = 0.044715;

/**
 * Gaussian error linear unit, x·Φ(x), with the normal distribution function Φ(x) = ½ erfc(−x/√2), accurate also for
 * x < 0.  Shapes: any.
 *
 * @param params `approximate: "tanh"` gives x·½(1 + tanh(√(2/π)(x + 0.044715x³))), which GPT-2 uses.
 * @throws ArgumentError for another `approximate`.
 * @example gelu(tensor([1])); // [0.84134475]
 */
export const gelu: Op<[x: Tensor], GeluParams> = defineOp<[x: Tensor], GeluParams>({
  name: "gelu",
  formula: "out = x·Φ(x)",
  source: "Hendrycks & Gimpel 2016, Gaussian Error Linear Units, §2",
  shape: ([x]) => x,
  forward: ([{ data }], out, _, { approximate }) => {
    for (let i = 0; i < out.length; i++) {
      const x = data[i];
      const weight =
        approximate === "none"
          ? 0.5 * math.erfc(-x * INV_SQRT_2)
          : math.sigmoid(SQRT_8_OVER_PI * x * (1 + CUBIC * x * x));
      out[i] = x === Number.NEGATIVE_INFINITY ? -0 : x * weight;
    }
  },
  vjp: [
    (g, { inputs: [x], params: { approximate } }) => {
      if (approximate === "none") {
        const distribution = mul(0.5, erfc(mul(-INV_SQRT_2, x)));
        const density = mul(INV_SQRT_2PI, exp(mul(-0.5, square(x))));
        return chain(g, add(distribution, damped(density, x)));
      }
      // out = x·σ(u) with u = √(8/π)(x + c·x³), so out' = σ(u) + x·u'·σ(u)·σ(−u).
      const u = mul(SQRT_8_OVER_PI, mul(x, add(1, mul(CUBIC, square(x)))));
      const slope = mul(SQRT_8_OVER_PI, add(1, mul(3 * CUBIC, square(x))));
      return chain(g, add(sigmoid(u), damped(mul(sigmoid(u), sigmoid(neg(u))), mul(x, slope))));
    },
  ],
  ranges: { approximate: FORMS },
  defaults: { approximate: "none" },
});
