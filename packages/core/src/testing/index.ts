export { type AnyOp, checkSample, describeOps, drawInputs, type TestRunner } from "./describe-ops.ts";
export { type Differentiable, type GradcheckOptions, gradcheck, gradgradcheck } from "./gradcheck.ts";
