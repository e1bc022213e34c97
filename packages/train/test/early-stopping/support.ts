import type { Tensor } from "@gradus/core";
import {
  type Callback,
  type EarlyStoppingOptions,
  earlyStopping,
  type FitOptions,
  fit,
} from "../../src/index.ts";
import { bitsOf, optionsFor, points, smallNet } from "../support.ts";

/**
 * Trains with a metric "score" that has these values on validation data, one per epoch.
 *
 * @returns the history, the callback and the bits of the net after each epoch.
 */
export async function train(
  scores: readonly number[],
  options: EarlyStoppingOptions = {},
  changes: Partial<FitOptions> = {},
) {
  const net = smallNet();
  const bits = [bitsOf(net)];
  const { callbacks = [], ...others } = changes;
  let epoch = 0;
  const counter: Callback = {
    onEpochBegin(k) {
      epoch = k;
    },
    onEpochEnd: () => void bits.push(bitsOf(net)),
  };
  const score = (output: Tensor) => scores[epoch - 1] * output.shape[0];
  const stopping = earlyStopping({ monitor: "valScore", direction: "max", ...options });
  const outcome = await fit(
    net,
    points(8),
    optionsFor(net, {
      epochs: scores.length,
      metrics: { score },
      validation: points(4, "validation"),
      callbacks: [counter, stopping, ...callbacks],
      ...others,
    }),
  ).catch((error: unknown) => error);
  return { outcome: outcome as Awaited<ReturnType<typeof fit>>, net, bits, stopping };
}

/** Which of the epochs the net has the weights and buffers of, bit for bit. */
export const epochOf = ({ net, bits }: { net: object; bits: bigint[][] }) => {
  const now = bitsOf(net).join();
  return bits.findIndex((some) => some.join() === now);
};
