export {
  type Compile,
  checkCompiled,
  checkSample,
  describeOps,
  drawInputs,
  type TestRunner,
} from "./describe-ops.ts";
export { type Differentiable, type GradcheckOptions, gradcheck, gradgradcheck } from "./gradcheck.ts";
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
