import { Tensor } from "@gradus/core";
import { located } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";
import type { Instruction, Program } from "../wasm/instruction.ts";
import type { ArrayOf } from "./allocate.ts";
import type { Step } from "./trace.ts";
import type { Way } from "./ways.ts";

/** Steps that are ready to run. */
export interface Bound {
  /** Functions to be called in order. */
  readonly run: readonly (() => void)[];
  /** Gives back the engine's memory that the programs among them take. */
  release(): void;
}

/** Instructions of one program: they are written out, and can be forgotten, before a long list of them has piled up. */
const LONGEST = 1024;

/**
 * Binds steps to their memory: neighbouring instructions of the engine become one program, each other step a function.
 *
 * @param each if given, every step becomes a function of its own, which this may wrap.
 * @returns null if the engine's memory is full.
 */
export function bind(
  steps: readonly Step[],
  ways: readonly Way[],
  arrayOf: ArrayOf,
  engine: WasmEngine | undefined,
  each?: (part: () => void, index: number) => () => void,
): Bound | null {
  const run: (() => void)[] = [];
  const programs: Program[] = [];
  let instructions: Instruction[] = [];
  let full = false;
  const release = (): void => {
    for (const program of programs) program.release();
  };
  const flush = (): void => {
    if (instructions.length === 0) return;
    const program = engine?.program(instructions);
    instructions = [];
    if (!program) full = true;
    else programs.push(program);
    run.push(() => program?.run());
  };
  steps.forEach((step, i) => {
    const way = ways[i];
    if (way.by === "alias") return;
    if (way.by === "engine") {
      instructions.push(...way.lowering.instructions(step.reads.map(arrayOf), step.writes.map(arrayOf)));
      if (each) flush();
    } else {
      flush();
      run.push(loopOf(step, arrayOf));
    }
    if (instructions.length >= LONGEST) flush();
    if (each) run.push(each(run.pop() as () => void, i));
  });
  flush();
  if (full) release();
  return full ? null : { run, release };
}

/** A step as its own loop does it. */
function loopOf(step: Step, arrayOf: ArrayOf): () => void {
  const [reads, writes] = [step.reads.map(arrayOf), step.writes.map(arrayOf)];
  if (step.kind === "update") {
    const { spec, params } = step;
    return () => spec.run(reads, writes, params);
  }
  const { spec, params, site } = step;
  const [{ shape }] = step.writes;
  const [out] = writes;
  const inputs = reads.map((array, i) => new Tensor(array, step.reads[i].shape));
  return () => {
    out.fill(0);
    try {
      spec.forward(inputs, out, shape, params);
    } catch (error) {
      const { name, shapes } = site ?? { name: spec.name, shapes: inputs.map((x) => x.shape) };
      throw located(error, name, shapes); // the error that the op reports outside of a compiled function
    }
  };
}
