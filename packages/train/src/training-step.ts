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
  /** Output and loss of a batch; `tensors` are its inputs, its targets and its weights, if it has any. */
  forward(...tensors: Tensor[]): Measured;
  /** @throws Uncounted for a batch in which no target counts, NonFinite for a loss or gradient that is not finite. */
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
  const forward = (...tensors: Tensor[]): Measured => {
    const { input, targets, weights } = read(tensors);
    const output = net.forward(input, { train: true, rng });
    return { output, ...weighed(loss, output, targets, weights) };
  };
  const differentiate = ({ output, loss, weights }: Measured): GradientSource => {
    refuseUncounted(weights, output);
    const gradients = backward(loss);
    if (onNaN !== "ignore") refuseNonFinite(loss, gradients, parameters);
    return gradients;
  };
  return {
    forward,
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
