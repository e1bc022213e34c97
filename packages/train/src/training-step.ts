import { backward, type NamedParameter, type NetInput, type Rng, type Tensor } from "@gradus/core";
import type { AnyDataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import type { GradientSource } from "@gradus/optim";
import type { Loss, StepTaker } from "./callbacks.ts";
import type { Measured } from "./compiled.ts";
import { refuseUncounted, weighed } from "./loss-weight.ts";
import { batchOf } from "./net-input.ts";
import { type OnNaN, refuseNonFinite } from "./on-nan.ts";

/** A batch after forward and backward. Without gradients: after the update too. @internal */
export interface Step extends Measured {
  readonly gradients?: GradientSource;
}

interface Options {
  readonly dataset: AnyDataset;
  readonly loss: Loss;
  readonly optimizer: StepTaker;
  readonly onNaN: OnNaN;
}

/** The three parts of a training step: forward, then either backward or backward and update. @internal */
export interface TrainingStep {
  /** The output of the net in training mode. */
  output(input: NetInput): Tensor;
  /**
   * @param tensors inputs, targets and, if there are any, the weights of a batch.
   * @throws Uncounted for a batch in which no target counts, NonFinite for a loss or gradient that is not finite.
   */
  forwardBackward(...tensors: Tensor[]): Required<Step>;
  /** @throws as `forwardBackward`; then nothing is changed. */
  update(measured: Measured): Step;
}

/** @internal */
export function trainingStep(
  net: Layer<NetInput>,
  { dataset, loss, optimizer, onNaN }: Options,
  rng: Rng,
  parameters: readonly NamedParameter[],
): TrainingStep {
  const read = batchOf(dataset.inputNames);
  const output = (input: NetInput): Tensor => net.forward(input, { train: true, rng });
  const forward = (...tensors: Tensor[]): Measured => {
    const { input, targets, weights } = read(tensors);
    const y = output(input);
    return { output: y, ...weighed(loss, y, targets, weights) };
  };
  const differentiate = ({ output, loss, weights }: Measured): GradientSource => {
    refuseUncounted(weights, output);
    const gradients = backward(loss);
    if (onNaN !== "ignore") refuseNonFinite(loss, gradients, parameters);
    return gradients;
  };
  return {
    output,
    forwardBackward(...tensors) {
      const measured = forward(...tensors);
      return { ...measured, gradients: differentiate(measured) };
    },
    update(measured) {
      optimizer.step(differentiate(measured));
      return measured;
    },
  };
}
