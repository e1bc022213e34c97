import { backward, crossEntropy, type Tensor, tanh } from "@gradus/core";
import { Dense, Dropout, Sequential } from "@gradus/nn";
import type { Loss } from "../../src/index.ts";
import { firstOf } from "../follow-support.ts";
import { smallNet, trainingRng } from "../support.ts";

/** A loss that is another one in some of its calls. */
export const sometimes = (when: (call: number) => boolean, usual: Loss, other: Loss): Loss =>
  (() => {
    let calls = 0;
    return (y, t) => (when(calls++) ? other : usual)(y, t);
  })();

export const plain: Loss = (y, t) => crossEntropy(y, t);

/** The length of the gradient of the first weight, a constant of the loss. */
export const steepness = (net: Sequential, loss: Tensor): Tensor =>
  backward(loss).of(firstOf(net)).square().sum();

/** A net of which the backward pass is compared too, and one of which it is not. */
export const nets: readonly (readonly [string, () => Sequential])[] = [
  ["a net with BatchNorm", smallNet],
  [
    "a net without",
    () => {
      const rng = trainingRng();
      return new Sequential(new Dense(2, 4, { rng }), tanh, new Dropout(0.25), new Dense(4, 2, { rng }));
    },
  ],
];
