import type { WasmEngine } from "../wasm/engine.ts";
import type { Lowering } from "../wasm/instruction.ts";
import { lowerOp } from "../wasm/lower.ts";
import { lowerUpdate } from "../wasm/lower-update.ts";
import type { Lives } from "./lives.ts";
import type { Operand, Step } from "./trace.ts";

/** How a step is done: by instructions of the engine, by its own loop in TypeScript, or not at all. */
export type Way =
  | { readonly by: "engine"; readonly lowering: Lowering }
  | { readonly by: "loop" }
  | { readonly by: "alias" };

/** Chooses the way of each step. */
export function waysOf(steps: readonly Step[], lives: Lives, engine: WasmEngine | undefined): Way[] {
  return steps.map((step) => {
    if (lives.isAlias(step)) return { by: "alias" };
    const lowering = engine ? lower(step) : null;
    return lowering ? { by: "engine", lowering } : { by: "loop" };
  });
}

function lower(step: Step): Lowering | null {
  if (step.kind === "op") {
    const { spec, reads, writes, params } = step;
    const shapes = reads.map(({ shape }) => shape);
    return spec.kernel ? lowerOp(spec.kernel, shapes, writes[0].shape, params) : null;
  }
  const kernel = step.spec.kernel?.(step.params);
  const sizes = (operands: readonly Operand[]): number[] => operands.map(({ storage }) => storage.size);
  return kernel ? lowerUpdate(kernel, sizes(step.reads), sizes(step.writes)) : null;
}
