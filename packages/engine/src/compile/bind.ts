import { Tensor } from "@gradus/core";
import type { WasmEngine } from "../wasm/engine.ts";
import type { Instruction, Program } from "../wasm/instruction.ts";
import { lowerOp } from "../wasm/lower.ts";
import { lowerUpdate } from "../wasm/lower-update.ts";
import { OutOfRoom } from "./out-of-room.ts";
import { errorOf, type Operand, type Step } from "./tape.ts";

/** How a step is done: by instructions of the engine, by a loop in TypeScript, or not at all. */
export type Way =
  | {
      readonly by: "engine";
      /** Whether the result may overwrite an input of the same size. */
      readonly inPlace: boolean;
      instructions(view: View): readonly Instruction[];
    }
  | { readonly by: "loop" }
  | { readonly by: "view" };

/** Finds the place of an operand. */
export type View = (operand: Operand) => Float64Array;

/** Chooses the way of a step that is no view. */
export function wayOf(step: Step, engine: WasmEngine | undefined): Way {
  if (engine && step.kind === "op") {
    const { spec, inputs, out, params } = step;
    const shapes = inputs.map(({ shape }) => shape);
    const lowering = spec.kernel ? lowerOp(spec.kernel, shapes, out.shape, params) : null;
    if (lowering) {
      const { inPlace } = lowering;
      return {
        by: "engine",
        inPlace,
        instructions: (view) => lowering.instructions(inputs.map(view), [view(out)]),
      };
    }
  }
  if (engine && step.kind === "update") {
    const { spec, reads, writes, params } = step;
    const kernel = spec.kernel?.(params);
    const sizes = (operands: readonly Operand[]): number[] => operands.map(({ storage }) => storage.size);
    const lowering = kernel ? lowerUpdate(kernel, sizes(reads), sizes(writes)) : null;
    if (lowering) {
      return {
        by: "engine",
        inPlace: false,
        instructions: (view) => lowering.instructions(reads.map(view), writes.map(view)),
      };
    }
  }
  return { by: "loop" };
}

/**
 * Turns steps into functions to be called in order; neighbouring instructions of the engine become one program.
 *
 * @param each if given, every step becomes a function of its own, which this may wrap.
 */
export function bind(
  steps: readonly Step[],
  ways: readonly Way[],
  view: View,
  engine: WasmEngine | undefined,
  each?: (part: () => void, index: number) => () => void,
): { run: (() => void)[]; programs: Program[] } {
  const run: (() => void)[] = [];
  const programs: Program[] = [];
  let instructions: Instruction[] = [];
  const flush = (): void => {
    if (instructions.length === 0 || !engine) return;
    const program = engine.program(instructions);
    if (program === null) throw new OutOfRoom();
    programs.push(program);
    run.push(() => program.run());
    instructions = [];
  };
  steps.forEach((step, i) => {
    const way = ways[i];
    if (way.by === "view") return;
    if (way.by === "engine") {
      instructions.push(...way.instructions(view));
      if (each) flush();
    } else {
      flush();
      run.push(loopOf(step, view));
    }
    if (each) run.push(each(run.pop() as () => void, i));
  });
  flush();
  return { run, programs };
}

/** A step as its own loop does it. */
function loopOf(step: Step, view: View): () => void {
  if (step.kind === "update") {
    const { spec, params } = step;
    const [reads, writes] = [step.reads.map(view), step.writes.map(view)];
    return () => spec.run(reads, writes, params);
  }
  const out = view(step.out);
  if (step.kind === "generate") {
    const { fill } = step;
    return () => fill(out);
  }
  const { spec, params, site } = step;
  const outShape = step.out.shape;
  const inputs = step.inputs.map((input) => new Tensor(view(input), input.shape));
  return () => {
    out.fill(0);
    try {
      spec.forward(inputs, out, outShape, params);
    } catch (error) {
      throw errorOf(error, site);
    }
  };
}
