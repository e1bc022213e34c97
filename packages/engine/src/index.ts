import { useSimd } from "./wasm/wasm.ts";

export { type Compiled, compile } from "./compile/compile.ts";
export type { StepTime } from "./compile/plan.ts";
export type {
  CompiledPlan,
  PlanBuffer,
  PlanOperand,
  PlanStep,
  PlanTensor,
} from "./compile/plan-data.ts";
export { threads } from "./threads.ts";
export { simdSupported, useSimd } from "./wasm/wasm.ts";

// Importing the engine turns it on, where the host supports it. It is made at the first use.
useSimd(true);
