// The registry of this package: whatever is exported here is a function of the package and must pass the
// gradient checks on its samples (test/samples).
export { alphaDropout, featureAlphaDropout } from "./alpha-dropout.ts";
export { dropout } from "./dropout.ts";
export { prelu } from "./prelu.ts";
export { bernoulliMask, uniformNoise } from "./random.ts";
export { rrelu } from "./rrelu.ts";
