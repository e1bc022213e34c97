/** An epoch of the Keras preset by `fit`, and the time of its steps alone. */
import { createRng, crossEntropy } from "@gradus/core";
import { loadMnist } from "@gradus/data/node";
import { compile } from "@gradus/engine";
import { namedParameters } from "@gradus/nn";
import { type Callback, fit } from "@gradus/train";
import { presets } from "../../../examples/mnist/presets.ts";
import type { Work } from "../works.ts";
import { task } from "./net.ts";
import type { Prepared } from "./serve.ts";

/** The same step is timed alone after every {@link EVERY} batches, several times, after an untimed one. */
const EVERY = 47;
const ALONE = 3;

export async function epoch(work: Work, compiled: boolean): Promise<Omit<Prepared, "about">> {
  const preset = presets.keras;
  const mnist = await loadMnist();
  const training = preset.prepare(mnist.train, mnist.train);
  const validation = preset.prepare(mnist.test, mnist.train);
  const { fn, args } = task(work);
  const step = compiled ? compile(fn) : fn;
  /** Milliseconds. */
  let [alone, steps, batches, began, ended] = [0, 0, 0, 0, 0];
  const timer: Callback = {
    onEpochBegin: () => {
      [alone, steps, batches, began] = [0, 0, 0, performance.now()];
    },
    onBatchEnd: ({ batch }) => {
      batches = batch;
      ended = performance.now();
      if (batch % EVERY !== 0) return;
      step(...args[0]).item();
      const start = performance.now();
      for (let i = 1; i <= ALONE; i++) step(...args[i]).item();
      const now = performance.now();
      steps += (now - start) / ALONE;
      alone++;
      // Exclude this time: move the start of the epoch.
      began += now - ended;
      ended = now;
    },
  };
  let total = 0;
  return {
    long: true,
    async run() {
      const rng = createRng("bench");
      const net = preset.net(rng.split("weights"));
      await fit(net, training, {
        optimizer: preset.optimizer(namedParameters(net), 0),
        loss: crossEntropy,
        epochs: 1,
        batchSize: preset.batchSize,
        rng: rng.split("training"),
        validation,
        callbacks: [timer],
        compile: compiled,
      });
      total = performance.now() - began;
      return total;
    },
    figures() {
      const sum = (batches * steps) / alone;
      return { "training ÷ its steps": (ended - began) / sum, "epoch ÷ its steps": total / sum };
    },
  };
}
