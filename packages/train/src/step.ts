import { backward, type Tensor } from "@gradus/core";
import type { Batch } from "@gradus/data";
import type { Layer, Mode } from "@gradus/nn";
import type { GradientSource } from "@gradus/optim";
import type { Loss } from "./callbacks.ts";

/** What one step computes before the weights are updated. @internal */
export interface StepResult {
  readonly output: Tensor;
  /** One number. */
  readonly loss: Tensor;
  readonly gradients: GradientSource;
}

/** All numbers of a step: the one place to put a faster way to compute them. @internal */
export type Step = (batch: Batch, mode: Mode) => StepResult;

/** Forward and backward, op by op. @internal */
export function eagerStep(net: Layer, loss: Loss): Step {
  return ({ inputs, targets }, mode) => {
    const output = net.forward(inputs, mode);
    const value = loss(output, targets);
    return { output, loss: value, gradients: backward(value) };
  };
}
