import type { Engine, Instruction, Lowering, Program } from "../kernels/kernels.ts";
import { Tensor } from "../tensor.ts";
import { OutOfRoom } from "./out-of-room.ts";
import { errorOf, type Operand, type Step } from "./tape.ts";

/** How a step is done: by instructions of the engine, by a loop in TypeScript, or not at all. */
export type Way =
  | { readonly by: "engine"; readonly lowering: Lowering | null }
  | { readonly by: "loop" }
  | { readonly by: "view" };

/**
 * Turns steps into functions to be called in order; neighbouring instructions of the engine become one program.
 *
 * @param each if given, every step becomes a function of its own, which this may wrap.
 */
export function bind(
  steps: readonly Step[],
  ways: readonly Way[],
  view: (operand: Operand) => Float64Array,
  engine: Engine | undefined,
  each?: (part: () => void, index: number) => () => void,
): { run: (() => void)[]; programs: Program[] } {
  const run: (() => void)[] = [];
  const programs: Program[] = [];
  let instructions: readonly Instruction[] = [];
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
      instructions = [...instructions, ...instructionsOf(step, way.lowering, view, engine as Engine)];
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

function instructionsOf(
  step: Step,
  lowering: Lowering | null,
  view: (operand: Operand) => Float64Array,
  engine: Engine,
) {
  if (step.kind === "op" && lowering) return lowering.instructions(step.inputs.map(view), view(step.out));
  if (step.kind !== "update") return [];
  const kernel = step.spec.kernel?.(step.params);
  return kernel ? engine.lowerUpdate(kernel)(step.reads.map(view), step.writes.map(view)) : [];
}

/** A step as its own loop does it. */
function loopOf(step: Step, view: (operand: Operand) => Float64Array): () => void {
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
