import { ArgumentError, ShapeError, show, tagOf } from "@gradus/core";
import type { Samples } from "./samples.ts";

/** All that a dataset stores for each sample. Parts of a dataset share the arrays. @internal */
export class Stored {
  readonly inputs: Samples;
  readonly targets: Samples;
  readonly weights: Samples | undefined;

  constructor(inputs: Samples, targets: Samples, weights?: Samples) {
    this.inputs = inputs;
    this.targets = targets;
    this.weights = weights;
  }

  /** The samples with these indices, in this order. */
  select(indices: ArrayLike<number>): Stored {
    const rows = Uint32Array.from(indices);
    return new Stored(this.inputs.select(rows), this.targets.select(rows), this.weights?.select(rows));
  }

  /** The samples from `start` up to but not including `end`. */
  slice(start: number, end: number): Stored {
    return new Stored(
      this.inputs.slice(start, end),
      this.targets.slice(start, end),
      this.weights?.slice(start, end),
    );
  }

  /** Writes the weights of the samples with these indices, if there are weights. */
  readWeights(indices: ArrayLike<number>, out: Float64Array | undefined): void {
    if (out) this.weights?.gather(indices, out);
  }

  /** Throws unless the arrays have room for exactly `count` samples. */
  checkRoom(
    count: number,
    inputs: Float64Array,
    targets: Float64Array,
    who: string,
    weights?: Float64Array,
  ): void {
    for (const array of weights === undefined ? [inputs, targets] : [inputs, targets, weights]) {
      if (tagOf(array) === "Float64Array") continue;
      throw new ArgumentError(`${who}: writes into Float64Arrays, got ${show(array)}`);
    }
    const [needed, neededTargets] = [count * this.inputs.size, count * this.targets.size];
    if (weights !== undefined && weights.length !== count) {
      throw new ShapeError(`${who}: ${count} samples have as many weights, got room for ${weights.length}`);
    }
    if (inputs.length === needed && targets.length === neededTargets) return;
    throw new ShapeError(
      `${who}: ${count} samples take ${needed} numbers and ${neededTargets} for targets, ` +
        `got room for ${inputs.length} and ${targets.length}`,
    );
  }
}
