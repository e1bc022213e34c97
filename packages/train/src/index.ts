export type { BatchLog, Callback, Loss, StepTaker, TrainEnd, Training } from "./callbacks.ts";
export { loadCheckpoint, type Parts, saveCheckpoint } from "./checkpoint/checkpoint.ts";
export type { CheckpointOptions } from "./checkpoint/checkpointer.ts";
export { indexedDbStore } from "./checkpoint/indexed-db.ts";
export type { PlainData } from "./checkpoint/plain-data.ts";
export { type CheckpointStore, StorageError } from "./checkpoint/store.ts";
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./early-stopping.ts";
export { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.ts";
export { fit } from "./fit.ts";
export type { FitOptions } from "./fit-options.ts";
export { type EpochLog, type EpochTables, History, type HistoryData } from "./history.ts";
export { type LearningRateLog, learningRateLog } from "./learning-rate-log.ts";
export { type AucOptions, auc } from "./metrics/auc.ts";
export {
  type ClassMetricOptions,
  type ConfusionOptions,
  confusionMatrix,
  f1,
  precision,
  recall,
} from "./metrics/class-counts.ts";
export type { EpochMetric, Measurement, MetricTable } from "./metrics/epoch-metric.ts";
export { mae, maxError, r2, rmse } from "./metrics/regression.ts";
export { type TopKOptions, topKAccuracy } from "./metrics/top-k.ts";
export {
  accuracy,
  binaryAccuracy,
  type ClassAccuracyOptions,
  classAccuracy,
  type Direction,
  type Metric,
  type Metrics,
} from "./metrics.ts";
export { DivergenceError, type OnNaN } from "./on-nan.ts";
export { type PredictOptions, predict } from "./predict.ts";
export { type Predictor, predictor } from "./predictor.ts";
export type { Stateful } from "./state.ts";
export { type ShapesOf, summary } from "./summary.ts";
export { TrainingNumericsError } from "./trap.ts";
export type { Abortable } from "./yield-to-events.ts";
