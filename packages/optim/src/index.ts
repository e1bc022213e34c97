export {
  Adam,
  type AdamHyperparameters,
  type AdamOptions,
  AdamW,
  type AdamWOptions,
  adamDefaults,
  adamWDefaults,
} from "./adam.ts";
export { type Clip, clipByGlobalNorm, clipByNorm, clipByValue, globalNorm } from "./clip.ts";
export { descend } from "./descend.ts";
export type { GradientSource } from "./gradients-for.ts";
export {
  Optimizer,
  type OptimizerOptions,
  type ParameterGroup,
  type ParameterList,
} from "./optimizer.ts";
export { Plateau, type PlateauOptions, type PlateauState } from "./plateau.ts";
export { RMSprop, type RMSpropHyperparameters, type RMSpropOptions, rmspropDefaults } from "./rmsprop.ts";
export {
  type Hyperparameters,
  type Preset,
  type Rule as OptimizerRule,
  type RuleKernel,
  rate,
  type Slots,
} from "./rule.ts";
export {
  type CosineDecayOptions,
  constantRate,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  linearDecay,
  multiStepDecay,
  type OneCycleOptions,
  oneCycle,
  type Schedule,
  stepDecay,
  warmUp,
} from "./schedules.ts";
export { SGD, type SGDHyperparameters, type SGDOptions, sgdDefaults } from "./sgd.ts";
export type { OptimizerState } from "./state.ts";
