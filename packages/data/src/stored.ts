import { ArgumentError, ShapeError, show, tagOf } from "@gradus/core";
import type { Samples } from "./samples.ts";

/** All that a dataset stores for each sample. Parts of a dataset share the arrays. @internal */
export class Stored {
  readonly inputs: Samples;
  readonly targets: Samples;

  constructor(inputs: Samples, targets: Samples) {
    this.inputs = inputs;
    this.targets = targets;
  }

  /** The samples with these indices, in this order. */
  select(indices: ArrayLike<number>): Stored {
    const rows = Uint32Array.from(indices);
    return new Stored(this.inputs.select(rows), this.targets.select(rows));
  }

  /** The samples from `start` up to but not including `end`. */
  slice(start: number, end: number): Stored {
    return new Stored(this.inputs.slice(start, end), this.targets.slice(start, end));
  }

  /** Throws unless the arrays have room for exactly `count` samples. */
  checkRoom(count: number, inputs: Float64Array, targets: Float64Array, who: string): void {
    for (const array of [inputs, targets]) {
      if (tagOf(array) === "Float64Array") continue;
      throw new ArgumentError(`${who}: writes into Float64Arrays, got ${show(array)}`);
    }
    const [needed, neededTargets] = [count * this.inputs.size, count * this.targets.size];
    if (inputs.length === needed && targets.length === neededTargets) return;
    throw new ShapeError(
      `${who}: ${count} samples take ${needed} numbers and ${neededTargets} for targets, ` +
        `got room for ${inputs.length} and ${targets.length}`,
    );
  }
}
