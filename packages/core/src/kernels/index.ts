export { blockedKernels } from "./blocked.ts";
export type { GemmOptions, Kernels } from "./kernels.ts";
export { referenceKernels } from "./reference.ts";
export { wasmKernels, wasmSupported } from "./wasm/wasm.ts";
