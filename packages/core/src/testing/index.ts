import { checks } from "../checks.ts";
import * as calls from "./check-gradcheck.ts";

export {
  type Compile,
  checkCompiled,
  checkSample,
  describeOps,
  drawInputs,
  type TestRunner,
} from "./describe-ops.ts";
export { type Differentiable, type GradcheckOptions, gradcheck } from "./gradcheck.ts";
export { gradgradcheck } from "./gradgradcheck.ts";
export {
  type AnyOp,
  binarySamples,
  type Domain,
  type ErrorSample,
  type OpSamples,
  type Sample,
  type SampleInput,
  type SamplesOf,
  sample,
  unarySamples,
} from "./samples.ts";

Object.assign(checks, calls);
