import { useKernels } from "./current.ts";
import { wasmKernels, wasmSupported } from "./wasm/wasm.ts";

// Importing gradus chooses the fastest kernels that run here.
if (wasmSupported()) useKernels(wasmKernels);
