/**
 * Elementary functions from + − × ÷ √, comparisons and bit views only, so that every JavaScript engine returns the same bits
 * (ECMAScript does not fix the last digits of `Math.exp` and others). At most 1 ulp from the true value for exp, expm1, log
 * and log1p, 2 ulp for the others, also for subnormals; special values as in IEEE 754 and C99. Measured errors:
 * docs/accuracy.md.
 */

export { cbrt, exp2, log2, log10 } from "./bases.ts";
export { erf, erfc } from "./erf.ts";
export { erfcx } from "./erfcx.ts";
export { exp, expm1 } from "./exp.ts";
export { acosh, asinh, atanh, cosh, sinh } from "./hyperbolic.ts";
export { log, log1p } from "./log.ts";
export { logSigmoid, sigmoid, softplus, tanh } from "./logistic.ts";
export { pow } from "./pow.ts";
export { acos, asin, atan, tan } from "./tangent.ts";
export { cos, sin } from "./trigonometric.ts";
