import { NumericsError, type Shape, Tensor, type UpdateSpec, update } from "@gradus/core";
import { type LossWeight, withLossWeights } from "@gradus/core/internal";
import type { Loss } from "./callbacks.ts";
import { weightedLoss } from "./sample-weights.ts";

/** A loss and the divisors of the weighted means in it. @internal */
export interface Weighed {
  readonly loss: Tensor;
  readonly weights: readonly LossWeight[];
}

/** Runs a loss function, with the weights of the samples if there are any, and notes the divisors of the weighted means in it. @internal */
export function weighed(loss: Loss, output: Tensor, targets: Tensor, sampleWeights?: Tensor): Weighed {
  const weights: LossWeight[] = [];
  try {
    return {
      loss: withLossWeights(weights, () => weightedLoss(loss)(output, targets, sampleWeights)),
      weights,
    };
  } catch (error) {
    // The NaN trap reports 0/0.
    if (error instanceof NumericsError) refuseUncounted(weights, output);
    throw error;
  }
}

/** No target of the batch counts: its loss is a mean of nothing. @internal */
export class Uncounted extends Error {
  readonly output: Tensor;
  readonly weights: readonly LossWeight[] = [{ weight: new Tensor(Float64Array.of(0), []), perSample: 1 }];

  constructor(output: Tensor) {
    super("no target counts");
    this.output = output;
  }
}

const refuse: UpdateSpec<Shape> = {
  name: "refuseUncounted",
  run([output, ...weights], _, shape) {
    if (weights.every(([weight]) => weight === 0)) throw new Uncounted(new Tensor(output.slice(), shape));
  },
};

/** Ends the step, before anything is trained, if no target counts; works in a compiled step. @throws Uncounted @internal */
export function refuseUncounted(weights: readonly LossWeight[], output: Tensor): void {
  if (weights.length > 0) update(refuse, [output, ...weights.map(({ weight }) => weight)], [], output.shape);
}

/** Runs a step. @returns its result, or the Uncounted that {@link refuseUncounted} threw in it. @internal */
export function orUncounted<T>(step: () => T): T | Uncounted {
  try {
    return step();
  } catch (error) {
    if (error instanceof Uncounted) return error;
    throw error;
  }
}
