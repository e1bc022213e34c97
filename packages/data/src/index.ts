export { type Batches, type BatchOptions, batches, type PassBatch } from "./batches.ts";
export { type CsvDatasetOptions, type CsvOptions, type CsvTable, csvDataset, readCsv } from "./csv.ts";
export { type Batch, Dataset, type DatasetOptions } from "./dataset.ts";
export { gunzip } from "./gzip.ts";
export { type IdxArray, type IdxData, loadIdx, readIdx } from "./idx.ts";
export { checkLabels } from "./samples.ts";
export { type StandardizeOptions, standardize } from "./standardize.ts";
export {
  compose,
  type DescribedTransform,
  restoreTransform,
  scale,
  type Transform,
  type TransformDescription,
} from "./transforms.ts";
