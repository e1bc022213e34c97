import { ArgumentError, indexSelect, type Tensor } from "@gradus/core";
import { compute, type Hook, runUpdate, Storage, withHook } from "@gradus/core/internal";
import type { Dataset } from "@gradus/data";

/**
 * Runs the net of a trial op by op, and notes the size of each table that the inputs are looked up in, such as that of an
 * `Embedding`. Left out are tables for indices that are computed from the inputs.
 *
 * @param into receives the sizes, also if `run` throws. @internal
 */
export function noteTables<T>(inputs: Tensor, into: number[], run: () => T): T {
  const unchanged = new Set<Storage>([inputs.storage]);
  const hook: Hook = {
    op(spec, operands, shape, params) {
      const [x, indices] = operands;
      if (spec === indexSelect.spec && unchanged.has(indices.storage)) {
        into.push(x.shape.at((params as { axis: number }).axis) as number);
      }
      const out = new Storage(compute(spec, operands, shape, params));
      if (spec.kernel?.layout === "sameNumbers" && unchanged.has(x.storage)) unchanged.add(out);
      return out;
    },
    update: runUpdate,
    within: (_name, _inputs, run) => run(),
  };
  return withHook(hook, run);
}

/** Refuses inputs that are no index of a table. @throws ArgumentError with the first such sample. @internal */
export function refuseIndices(who: string, dataset: Dataset, tables: readonly number[]): void {
  if (tables.length === 0 || dataset.transform) return; // a transform makes other numbers of the inputs
  const size = Math.min(...tables);
  const { inputs, inputSize } = dataset;
  for (let i = 0; i < inputs.length; i++) {
    if (Number.isInteger(inputs[i]) && inputs[i] >= 0 && inputs[i] < size) continue;
    throw new ArgumentError(
      `${who}: sample ${Math.floor(i / inputSize)} has the input ${inputs[i]}, but the net looks it up in a table of ${size} ` +
        `rows: inputs must be whole numbers from 0 to ${size - 1}`,
    );
  }
}
