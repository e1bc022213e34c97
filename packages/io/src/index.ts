export type { FileBytes } from "./file-bytes.ts";
export type { Dtype } from "./safetensors/dtypes.ts";
export type { TensorInfo } from "./safetensors/layout.ts";
export { readSafetensors, SafetensorsFile } from "./safetensors/read.ts";
export { type WriteSafetensorsOptions, writeSafetensors } from "./safetensors/write.ts";
export { type LoadWeightsOptions, loadWeights, type SaveWeightsOptions, saveWeights } from "./weights.ts";
