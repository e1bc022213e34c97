import type { Shape } from "@gradus/core";
import { tensorNames } from "@gradus/core/internal";
import type { Layout } from "./lay-out.ts";
import type { Life, Lives } from "./lives.ts";
import type { Operand, OpStep, Step, Trace } from "./trace.ts";
import type { Way } from "./ways.ts";

/** What a compiled function does for arguments of certain shapes, as plain data. Places and sizes are in bytes. */
export interface CompiledPlan {
  /** One op or one update each, in the order in which they run. */
  readonly steps: readonly PlanStep[];
  /** The names of steps of the function that do not run, since no result and no update depends on them. */
  readonly leftOut: readonly string[];
  /** The arguments and what ops compute, in the order in which they are written. All lie in one block of memory. */
  readonly buffers: readonly PlanBuffer[];
  /** The tensors from outside of the function, such as parameters, in the order in which they are used. */
  readonly tensors: readonly PlanTensor[];
  /** The size of the block: the memory at the peak. */
  readonly total: number;
  /** What the buffers would take if no two shared a place. */
  readonly sumOfBuffers: number;
}

/** A step of a {@link CompiledPlan}. */
export interface PlanStep {
  /** The name of the op, the random draw or the update. */
  readonly name: string;
  /** The op that it is a part of, such as `mse`; in the backward group the op whose gradient rule runs it; null for neither. */
  readonly of: string | null;
  /** `update`: changes tensors; `backward`: a gradient rule runs it, or it adds up gradients; `forward`: all others. */
  readonly group: "forward" | "backward" | "update";
  /** By instructions of the engine, by a loop in TypeScript, or not at all: an alias is a view, the same numbers under another shape. */
  readonly by: "engine" | "loop" | "alias";
  /** Whether it draws from a random stream, or has another effect beside its result (`impure` in its declaration). */
  readonly random: boolean;
  readonly reads: readonly PlanOperand[];
  /** The result of an op, or what an update changes. */
  readonly writes: readonly PlanOperand[];
  /** The offset of what it writes first; null if that is no buffer. */
  readonly at: number | null;
}

/** A buffer or a tensor from outside, under the shape that a step has it. */
export interface PlanOperand {
  /**
   * Unique in the plan: `x1`, `x2`, … for the arguments, `b1`, … for what ops compute, and for tensors from outside the name that an
   * optimizer has for them, else `t1`, ….
   */
  readonly name: string;
  readonly shape: Shape;
}

/** A tensor from outside. */
export interface PlanTensor extends PlanOperand {
  readonly size: number;
}

/** A buffer. Its bytes are its own from step `first` to step `last`, counted from 0. */
export interface PlanBuffer extends PlanTensor {
  /** The step that writes it; -1 for an argument. */
  readonly first: number;
  /** The last step that needs it; the number of steps for a result. */
  readonly last: number;
  /** Where it begins in the block. */
  readonly offset: number;
  /** The buffer that step `first` reads and overwrites element by element: it is done in place; null if it is not. */
  readonly overwrites: string | null;
  /** The earlier buffers that had some of its bytes. */
  readonly sharedWith: readonly string[];
}

/** The parts of a plan that its data is made of. */
interface Planned {
  readonly steps: readonly Step[];
  readonly ways: readonly Way[];
  readonly lives: Lives;
  readonly layout: Layout;
}

/** The data of a plan. */
export function planData(trace: Trace, { steps, ways, lives, layout }: Planned): CompiledPlan {
  const entries = new Map<Life, PlanTensor & Partial<PlanBuffer>>();
  const names = new Set<string>();
  const counts = { t: 0, x: 0, b: 0 };
  const buffers: PlanBuffer[] = [];
  const tensors: PlanTensor[] = [];
  let sumOfBuffers = 0;
  const entryOf = (operand: Operand): PlanTensor & Partial<PlanBuffer> => {
    const life = lives.of(operand);
    const known = entries.get(life);
    if (known) return known;
    const { captured, first, last, index } = life;
    const letter = captured ? "t" : first < 0 ? "x" : "b";
    let name = captured && tensorNames.get(captured);
    while (!name || names.has(name)) name = letter + ++counts[letter];
    const size = 8 * life.size;
    const entry = { name, shape: [...operand.shape], size };
    names.add(name);
    entries.set(life, entry);
    if (captured) tensors.push(entry);
    else {
      const offset = 8 * layout.offsets[index];
      const shared = buffers.filter((x) => x.offset < offset + size && offset < x.offset + x.size);
      const overwrites = shared.find((x) => x.last === first)?.name ?? null;
      const sharedWith = shared.map((x) => x.name);
      buffers.push(Object.assign(entry, { first, last, offset, overwrites, sharedWith }));
      sumOfBuffers += size;
    }
    return entry;
  };
  const view = (operand: Operand): PlanOperand => ({
    name: entryOf(operand).name,
    shape: [...operand.shape],
  });
  trace.args.map(entryOf);
  return {
    steps: steps.map((step, i) => {
      const { kind, spec, rule, site } = step as OpStep;
      return {
        name: spec.name,
        of: rule ?? site?.name ?? null,
        group: rule ? "backward" : kind === "op" ? "forward" : "update",
        by: ways[i].by,
        random: !!spec.impure,
        reads: step.reads.map(view),
        writes: step.writes.map(view),
        at: step.writes.map(entryOf)[0]?.offset ?? null,
      };
    }),
    leftOut: trace.steps.flatMap((step) => (steps.includes(step) ? [] : step.spec.name)),
    buffers,
    tensors,
    total: 8 * layout.total,
    sumOfBuffers,
  };
}
