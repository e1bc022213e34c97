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
  const known = new Map<string, Way>();
  return steps.map((step) => {
    if (lives.isAlias(step)) return ALIAS;
    if (!engine) return LOOP;
    const key = keyOf(step);
    const before = key === null ? undefined : known.get(key);
    if (before) return before;
    const lowering = lower(step);
    const way: Way = lowering ? { by: "engine", lowering } : LOOP;
    if (key !== null) known.set(key, way);
    return way;
  });
}

const ALIAS: Way = { by: "alias" };
const LOOP: Way = { by: "loop" };

/** A text that is the same for element-wise steps of the same way; null for others. Long traces repeat the same few steps. */
function keyOf(step: Step): string | null {
  if (step.kind !== "op" || step.spec.kernel?.layout !== "elementwise") return null;
  const { instruction, numbers } = step.spec.kernel;
  if (numbers && numbers.length !== 0) return null;
  let key = `${instruction} ${step.writes[0].shape.join()}`;
  for (const { shape } of step.reads) key += ` ${shape.join()}`;
  return key;
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
