import { createRng, type Tensor } from "@gradus/core";
import { compute, type Hook, Storage, withHook } from "@gradus/core/internal";
import { type AnyOp, drawInputs, type Sample } from "@gradus/core/testing";

/** What `compile` makes of an op, where WebAssembly has SIMD. */
export interface Instruction {
  /** How the engine walks its inputs, as in docs/instructions.md; null if it runs the loop of the op. */
  readonly layout: string | null;
  /** The name of the instruction and its numbers, such as `elu(1.05, 1.76, 1)`; null if the layout alone says it. */
  readonly name: string | null;
  /** The ops that a sample ran, for an op that is made of others. */
  readonly madeOf: readonly string[];
}

interface Kernel {
  readonly layout: string;
  readonly instruction?: unknown;
  readonly numbers?: readonly (number | string)[];
}

/** Reads it from the declaration; for an op made of others, by running its samples. */
export function instructionOf(op: AnyOp, samples: readonly Sample<unknown>[]): Instruction {
  const { kernel } = op.spec as { kernel?: Kernel };
  if (kernel === undefined) {
    return { layout: null, name: null, madeOf: "compute" in op.spec ? opsInside(op, samples) : [] };
  }
  const { layout, instruction, numbers = [] } = kernel;
  if (typeof instruction !== "string") return { layout, name: null, madeOf: [] };
  const list = numbers.map((x) => (typeof x === "number" ? Number(x.toPrecision(5)) : x));
  return { layout, name: list.length === 0 ? instruction : `${instruction}(${list.join(", ")})`, madeOf: [] };
}

/** The names of the ops that an op ran on its samples, without those inside them. */
function opsInside(op: AnyOp, samples: readonly Sample<unknown>[]): string[] {
  const names = new Set<string>();
  const call = op as unknown as (...args: unknown[]) => Tensor | Tensor[];
  const noting: Hook = {
    op(spec, inputs, shape, params) {
      names.add(spec.name);
      return new Storage(compute(spec, inputs, shape, params));
    },
    update: () => {},
    within: (_name, _inputs, run) => run(),
  };
  for (const sample of samples) {
    const inputs = drawInputs(sample, createRng("inside"));
    withHook(noting, () => call(...inputs, ...(sample.params === undefined ? [] : [sample.params])));
  }
  return [...names].sort();
}
