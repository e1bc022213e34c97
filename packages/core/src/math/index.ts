/**
 * Elementary functions built only from + − × ÷, comparisons and bit views, so that every JavaScript engine returns the
 * same bits (ECMAScript leaves the last digits of `Math.exp` and its like to the engine). At most 1 ulp from the true
 * value for exp, expm1, log and log1p, 2 ulp for the others, subnormals included; special values as IEEE 754 and C99
 * say. Measured errors: docs/accuracy.md.
 */

export { erf, erfc } from "./erf.ts";
export { erfcx } from "./erfcx.ts";
export { exp, expm1 } from "./exp.ts";
export { log, log1p } from "./log.ts";
export { logSigmoid, sigmoid, softplus, tanh } from "./logistic.ts";
export { pow } from "./pow.ts";
export { cos, sin } from "./trigonometric.ts";
