import { Tensor } from "@gradus/core";
import { located, type Storage } from "@gradus/core/internal";
import type { Operand, Step } from "./trace.ts";

/**
 * Computes the steps of a trace at once, each by its own loop.
 *
 * @param numbers those of the arguments; those of the results are added. Other storages are tensors from outside.
 */
export function computeSteps(steps: readonly Step[], numbers: Map<Storage, Float64Array>): void {
  const arrayOf = ({ storage }: Operand): Float64Array => numbers.get(storage) ?? storage.data;
  for (const step of steps) {
    const reads = step.reads.map(arrayOf);
    if (step.kind === "update") {
      step.spec.run(reads, step.writes.map(arrayOf), step.params);
      continue;
    }
    const { spec, params, site } = step;
    const [{ storage, shape }] = step.writes;
    const out = new Float64Array(storage.size);
    numbers.set(storage, out);
    try {
      spec.forward(
        reads.map((array, i) => new Tensor(array, step.reads[i].shape)),
        out,
        shape,
        params,
      );
    } catch (error) {
      const shapes = step.reads.map((read) => read.shape);
      throw located(error, site?.name ?? spec.name, site?.shapes ?? shapes);
    }
  }
}
