export type { AnyDataset } from "./any-dataset.ts";
export { type Batches, type BatchOptions, batches, type PassBatch } from "./batches.ts";
export { type CsvOptions, type CsvTable, readCsv } from "./csv.ts";
export { Dataset } from "./dataset.ts";
export type {
  AnyBatch,
  Batch,
  DatasetChanges,
  DatasetOptions,
  SampleValues,
  SomeInputs,
} from "./dataset-options.ts";
export { type FoldOptions, folds } from "./folds.ts";
export { gunzip } from "./gzip.ts";
export { type IdxArray, type IdxData, loadIdx, readIdx } from "./idx.ts";
export type { InputColumn, Row } from "./input-columns.ts";
export type { Rows } from "./input-preparation.ts";
export type { Measured } from "./measured.ts";
export { type MinMaxOptions, minMax } from "./min-max.ts";
export type { MissingOptions, MissingWay } from "./missing.ts";
export {
  bumps,
  checkerboard,
  circles,
  gaussians,
  moons,
  type PlaneClassOptions,
  type PlaneOptions,
  plane,
  rings,
  spirals,
  xor,
} from "./plane.ts";
export {
  Preparation,
  type PreparationDescription,
  restorePreparation,
} from "./preparation.ts";
export { checkLabels } from "./samples.ts";
export { type StandardizeOptions, standardize } from "./standardize.ts";
export type { Table } from "./table.ts";
export {
  type CsvDatasetOptions,
  csvDataset,
  fromRows,
  type RowOptions,
  type TableColumns,
} from "./table-dataset.ts";
export {
  compose,
  type DescribedTransform,
  type DescriptionOf,
  restoreTransform,
  scale,
  type Transform,
  type TransformDescription,
} from "./transforms.ts";
export { type WindowOptions, windows } from "./windows.ts";
