import "./install.ts";

export {
  Adadelta,
  type AdadeltaHyperparameters,
  type AdadeltaOptions,
  adadeltaDefaults,
} from "./adadelta.ts";
export { Adagrad, type AdagradHyperparameters, type AdagradOptions, adagradDefaults } from "./adagrad.ts";
export {
  Adam,
  type AdamHyperparameters,
  type AdamOptions,
  AdamW,
  type AdamWOptions,
  adamDefaults,
  adamWDefaults,
} from "./adam.ts";
export { Adamax, type AdamaxHyperparameters, type AdamaxOptions, adamaxDefaults } from "./adamax.ts";
export {
  type Clip,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  globalNorm,
  type NormOptions,
  type NormOrder,
} from "./clip.ts";
export { type CosineDecayOptions, cosineDecay, type OneCycleOptions, oneCycle } from "./cosine-schedules.ts";
export { descend, type GradientSource } from "./descend.ts";
export { NAdam, type NAdamHyperparameters, type NAdamOptions, nadamDefaults } from "./nadam.ts";
export {
  Optimizer,
  type OptimizerOptions,
  type ParameterGroup,
  type ParameterList,
} from "./optimizer.ts";
export { Plateau, type PlateauOptions, type PlateauState } from "./plateau.ts";
export { RAdam, type RAdamHyperparameters, type RAdamOptions, radamDefaults } from "./radam.ts";
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
  constantRate,
  exponentialDecay,
  inverseTimeDecay,
  linearDecay,
  multiStepDecay,
  polynomialDecay,
  type Schedule,
  stepDecay,
  warmUp,
} from "./schedules.ts";
export { SGD, type SGDHyperparameters, type SGDOptions, sgdDefaults } from "./sgd.ts";
export type { OptimizerState } from "./state.ts";
