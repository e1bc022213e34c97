import { GradusError, Tensor } from "@gradus/core";
import { now } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";
import { allocate } from "./allocate.ts";
import { type Bound, bind } from "./bind.ts";
import { buffersOf, layOut } from "./lay-out.ts";
import { livesOf } from "./lives.ts";
import { describePlan } from "./plan-table.ts";
import { prune } from "./prune.ts";
import type { Trace } from "./trace.ts";
import { waysOf } from "./ways.ts";

/** How long a step took. */
export interface StepTime {
  readonly name: string;
  /** By instructions of the engine, or by a loop in TypeScript. */
  readonly by: "engine" | "loop";
  readonly ms: number;
}

/** A computation in memory that was planned in advance: it runs again and again without allocating. */
export interface Plan {
  /** Computes everything for new arguments. @returns the results, for the caller to keep. */
  run(args: readonly Tensor[]): Tensor[];
  /** Does the same step by step, and says how many milliseconds each took. */
  profile(args: readonly Tensor[]): StepTime[];
  /** A table of the steps and their buffers, and the memory they take. */
  describe(): string;
  /** Gives its memory back; it cannot run any more. */
  release(): void;
}

/**
 * Plans what was traced, in six phases; without the engine if that has no room. For y = (x·w + 1)·2 the buffers live like this
 * (●: written, │: needed, ○: read for the last time):
 *
 *     step             x1    b1    b2    b3      place in the block
 *     -  arguments      ●                        x1 at 0 B
 *     1  matmul         ○     ●                  b1 at 64 B: x1 is still read while b1 is written
 *     2  add                  ○     ●            b2 at 64 B: it overwrites b1 element by element
 *     3  mul                        ○     ●      b3 at 64 B, likewise
 *     -  results                          ○      copied out
 *
 * 1. prune: leaves out steps that nothing depends on.
 * 2. lives: which buffers and outer tensors there are, and during which steps each is needed.
 * 3. ways: which steps the engine does, and which run their own loop.
 * 4. layOut: gives each buffer a place in one block, shared with others that are never needed at the same time.
 * 5. allocate: the block, and copies of outer tensors in the engine's memory.
 * 6. bind: makes functions and programs of the steps, each with its arrays.
 */
export function makePlan(trace: Trace, engine: WasmEngine | undefined): Plan {
  const steps = prune(trace.steps, trace.results);
  const lives = livesOf(steps, trace.args, trace.results);
  const ways = waysOf(steps, lives, engine);
  const layout = layOut(buffersOf(lives, steps, ways));
  const memory = allocate(lives, layout, engine);
  if (!memory) return makePlan(trace, undefined);
  const bound = bind(steps, ways, memory.arrayOf, engine);
  if (!bound) {
    memory.release();
    return makePlan(trace, undefined);
  }

  const inputs = trace.args.map(memory.arrayOf);
  const outputs = trace.results.map((result) => ({ array: memory.arrayOf(result), shape: result.shape }));
  const replay = (args: readonly Tensor[], run: Bound["run"]): Tensor[] => {
    for (const [i, input] of inputs.entries()) copy(input, args[i].data);
    memory.pull();
    for (const stream of trace.streams) stream.rewind();
    try {
      for (const part of run) part();
    } finally {
      memory.countChanges();
    }
    return outputs.map(({ array, shape }) => new Tensor(copy(new Float64Array(array.length), array), shape));
  };
  let released = false;
  return {
    run: (args) => replay(args, bound.run),
    profile(args) {
      const times: StepTime[] = [];
      const timed = bind(steps, ways, memory.arrayOf, engine, (part, i) => () => {
        const start = now();
        part();
        const { by } = ways[i] as { by: StepTime["by"] };
        times.push({ name: steps[i].spec.name, by, ms: now() - start });
      });
      if (!timed) throw new GradusError("compile: there is no memory left to profile in");
      try {
        replay(args, timed.run);
      } finally {
        timed.release();
      }
      return times;
    },
    describe: () => describePlan(steps, ways, lives, layout),
    release() {
      if (released) return;
      released = true;
      bound.release();
      memory.release();
    },
  };
}

/** For a few numbers a loop is faster than `set`. */
const FEW = 64;

function copy(target: Float64Array, source: Float64Array): Float64Array {
  if (source.length > FEW) target.set(source);
  else for (let i = 0; i < source.length; i++) target[i] = source[i];
  return target;
}
