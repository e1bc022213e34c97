// The registry of this package: all exports are functions of the package and must pass the gradient checks on their
// samples (test/samples).
export { alphaDropout, featureAlphaDropout } from "./alpha-dropout.ts";
export { attentionWeights, scaledDotProductAttention } from "./attention.ts";
export { dropout } from "./dropout.ts";
export { sequenceMask } from "./masks.ts";
export { prelu } from "./prelu.ts";
export { bernoulliMask, uniformNoise } from "./random.ts";
export { rrelu } from "./rrelu.ts";
