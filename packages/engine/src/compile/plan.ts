import { formatShape, GradusError, ShapeError, sizeOf, Tensor } from "@gradus/core";
import { now as clock } from "@gradus/core/internal";
import { warnFull } from "../wasm/engine.ts";
import { type ArrayOf, allocateOuter, arraysIn, type Outer } from "./allocate.ts";
import { type Bound, bind } from "./bind.ts";
import { copyNumbers } from "./copy-numbers.ts";
import { buffersOf, type Layout, layOut } from "./lay-out.ts";
import { type Lives, livesOf } from "./lives.ts";
import { type CompiledPlan, planData } from "./plan-data.ts";
import type { PlanMemory } from "./plan-memory.ts";
import { prune } from "./prune.ts";
import type { Step, Trace } from "./trace.ts";
import { type Way, waysOf } from "./ways.ts";
import type { Workspace } from "./workspace.ts";

/** How long a step took. */
export interface StepTime {
  readonly name: string;
  /** By instructions of the engine, or by a loop in TypeScript. */
  readonly by: "engine" | "loop";
  readonly ms: number;
}

/** A computation in memory that was planned in advance: it runs again and again without allocating. */
export interface Plan {
  /** Its number of steps. */
  readonly size: number;
  /** The bytes of its constants. */
  readonly bytes: number;
  /** Whether its memory was given back, so that it cannot run any more. */
  readonly released: boolean;
  /** Computes everything for new arguments. @returns the results, for the caller to keep. */
  run(args: readonly Tensor[]): Tensor[];
  /** Does the same step by step, and says how many milliseconds each took. */
  profile(args: readonly Tensor[]): StepTime[];
  /** What it does, as data. */
  data(): CompiledPlan;
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
 * 5. allocate: copies of outer tensors in the engine's memory, and the workspace of the function, which its plans share.
 * 6. bind: makes functions and programs of the steps, each with its arrays. Done again if the workspace has moved.
 */
export function makePlan(trace: Trace, memory: PlanMemory): Plan {
  let form = formOf(trace, memory.workspace);
  let released = false;
  const free = (): void => {
    form?.release();
    form = null;
  };
  const ready = (): Ready => {
    const placed = form?.ready();
    if (placed) return placed;
    free();
    warnFull();
    form = formOf(trace, memory.loops);
    return form?.ready() as Ready; // the loops take ordinary memory
  };
  const replay = (
    args: readonly Tensor[],
    { inputs, outputs, outer }: Ready,
    run: Bound["run"],
  ): Tensor[] => {
    for (let i = 0; i < inputs.length; i++) copyNumbers(inputs[i], args[i].data);
    outer.pull();
    for (const stream of trace.streams) stream.rewind();
    try {
      for (const part of run) part();
    } finally {
      outer.countChanges();
    }
    const results: Tensor[] = [];
    for (const { array, shape } of outputs) {
      results.push(new Tensor(copyNumbers(new Float64Array(array.length), array), shape));
    }
    return results;
  };
  const plan: Plan = {
    get size() {
      return form?.steps.length ?? 0;
    },
    get bytes() {
      return form?.bytes ?? 0;
    },
    get released() {
      return released;
    },
    run(args) {
      memory.begin();
      try {
        const now = ready();
        return replay(args, now, now.bound.run);
      } finally {
        memory.end();
      }
    },
    profile: (args) =>
      memory.use(() => {
        const now = ready();
        const { steps, ways, engine } = form as Form;
        const times: StepTime[] = [];
        const timed = bind(steps, ways, now.arrayOf, engine, (part, i) => () => {
          const start = clock();
          part();
          const { by } = ways[i] as { by: StepTime["by"] };
          times.push({ name: steps[i].spec.name, by, ms: clock() - start });
        });
        if (!timed) throw new GradusError("compile: there is no memory left to profile in");
        try {
          replay(args, now, timed.run);
        } finally {
          timed.release();
        }
        return times;
      }),
    data: () => planData(trace, form as Form),
    release() {
      released = true;
      free();
    },
  };
  try {
    memory.use(ready);
  } catch (error) {
    free();
    throw error instanceof ShapeError ? tooLarge(trace, error) : error;
  }
  memory.add(plan);
  return plan;
}

/** There is no room for the tensors of a function: names the op with the largest result too. */
function tooLarge({ steps }: Trace, { message }: Error): ShapeError {
  let [most, which] = [-1, ""];
  for (const { kind, spec, reads, writes } of steps) {
    const size = kind === "op" ? sizeOf(writes[0].shape) : -1;
    if (size <= most) continue;
    most = size;
    const inputs = reads.map(({ shape }) => formatShape(shape)).join(", ");
    which = `; the largest result is that of ${spec.name}(${inputs}), shape ${formatShape(writes[0].shape)}, ${8 * size} bytes`;
  }
  return new ShapeError(message + which);
}

/** What was traced, planned for an engine or for the plain loops. */
interface Form {
  readonly steps: readonly Step[];
  readonly bytes: number;
  readonly lives: Lives;
  readonly ways: readonly Way[];
  readonly layout: Layout;
  readonly engine: Workspace["engine"];
  /** Binds the steps to the workspace, if it has moved; null if the memory is full. */
  ready(): Ready | null;
  release(): void;
}

/** A plan that can run now. */
interface Ready {
  readonly block: Float64Array;
  readonly arrayOf: ArrayOf;
  readonly bound: Bound;
  readonly outer: Outer;
  readonly inputs: readonly Float64Array[];
  readonly outputs: readonly { readonly array: Float64Array; readonly shape: readonly number[] }[];
}

/** Plans for a workspace; null, with nothing left allocated, if the memory is full. */
function formOf(trace: Trace, workspace: Workspace): Form | null {
  const { engine } = workspace;
  const steps = prune(trace.steps, trace.results);
  const lives = livesOf(steps, trace.args, trace.results);
  const ways = waysOf(steps, lives, engine);
  const layout = layOut(buffersOf(lives, steps, ways));
  const outer = allocateOuter(lives, engine, trace.isConstant);
  if (!outer) return null;
  let last: Ready | null = null;
  const unbind = (): void => {
    last?.bound.release();
    last = null;
  };
  const constants = lives.captured.filter(trace.isConstant);
  return {
    steps,
    bytes: constants.reduce((sum, { size }) => sum + 8 * size, 0),
    lives,
    ways,
    layout,
    engine,
    ready() {
      const block = workspace.block(layout.total);
      if (last && last.block === block) return last;
      unbind();
      if (!block) return null;
      const arrayOf = arraysIn(block, lives, layout, outer);
      const bound = bind(steps, ways, arrayOf, engine);
      if (!bound) return null;
      const outputs = trace.results.map((result) => ({ array: arrayOf(result), shape: result.shape }));
      last = { block, arrayOf, bound, outer, inputs: trace.args.map(arrayOf), outputs };
      return last;
    },
    release() {
      unbind();
      outer.release();
    },
  };
}
