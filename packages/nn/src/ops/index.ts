// The registry of this package: all exports are functions of the package and must pass the gradient checks on their
// samples (test/samples).
export { alphaDropout, featureAlphaDropout } from "./alpha-dropout.ts";
export { attentionWeights, scaledDotProductAttention } from "./attention.ts";
export { conv2d, convTranspose2d } from "./conv.ts";
export { conv1d, convTranspose1d } from "./conv1d.ts";
export { dropout } from "./dropout.ts";
export { groupNorm } from "./group-norm.ts";
export { avgPool1d, avgPool2d, maxPool1d, maxPool2d } from "./pool.ts";
export { prelu } from "./prelu.ts";
export { bernoulliMask, uniformNoise } from "./random.ts";
export { rrelu } from "./rrelu.ts";
export { sequenceMask } from "./sequence-mask.ts";
export { upsample } from "./upsample.ts";
