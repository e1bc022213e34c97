import { ArgumentError, indexSelect, type NetInput, type PerInput, Tensor } from "@gradus/core";
import { compute, type Hook, runUpdate, Storage, withHook } from "@gradus/core/internal";
import type { AnyDataset } from "@gradus/data";

/** A table that an input is looked up in: its size, and the name of the input, if it has one. @internal */
export interface LookedUp {
  readonly size: number;
  readonly name: string | undefined;
}

/**
 * Runs the net of a trial op by op, and notes the size of each table that an input is looked up in, such as that of an
 * `Embedding`. Left out are tables for indices that are computed from the inputs.
 *
 * @param into receives the tables, also if `run` throws. @internal
 */
export function noteTables<T>(inputs: NetInput, into: LookedUp[], run: () => T): T {
  const named = inputs instanceof Tensor ? [[undefined, inputs] as const] : Object.entries(inputs);
  const unchanged = new Map<Storage, string | undefined>(named.map(([name, x]) => [x.storage, name]));
  const hook: Hook = {
    op(spec, operands, shape, params) {
      const [x, indices] = operands;
      if (spec === indexSelect.spec && unchanged.has(indices.storage)) {
        const size = x.shape.at((params as { axis: number }).axis) as number;
        into.push({ size, name: unchanged.get(indices.storage) });
      }
      const out = new Storage(compute(spec, operands, shape, params));
      if (spec.kernel?.layout === "sameNumbers" && unchanged.has(x.storage)) {
        unchanged.set(out, unchanged.get(x.storage));
      }
      return out;
    },
    update: runUpdate,
    within: (_name, _inputs, run) => run(),
  };
  return withHook(hook, run);
}

/** Refuses inputs that are no index of a table. @throws ArgumentError with the first such sample. @internal */
export function refuseIndices(who: string, dataset: AnyDataset, tables: readonly LookedUp[]): void {
  for (const name of new Set(tables.map((table) => table.name))) {
    const of = <T>(all: PerInput<string, T> | undefined): T =>
      (name === undefined ? all : (all as Readonly<Record<string, T>> | undefined)?.[name]) as T;
    if (of(dataset.transform as object | undefined)) continue; // a transform makes other numbers of the inputs
    const size = Math.min(...tables.filter((table) => table.name === name).map((table) => table.size));
    const inputs = of(dataset.inputs);
    for (let i = 0; i < inputs.length; i++) {
      if (Number.isInteger(inputs[i]) && inputs[i] >= 0 && inputs[i] < size) continue;
      const input = name === undefined ? "the input" : `in the input ${name} the number`;
      throw new ArgumentError(
        `${who}: sample ${Math.floor(i / of(dataset.inputSize))} has ${input} ${inputs[i]}, but the net looks it up in a table of ` +
          `${size} rows: inputs must be whole numbers from 0 to ${size - 1}`,
      );
    }
  }
}
