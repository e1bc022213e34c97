import { createRng, crossEntropy } from "@gradus/core";
import { namedParameters } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { expect, test } from "vitest";
import { fit } from "../src/index.ts";
import { points, smallNet } from "./support.ts";

/** The weights after a training whose metric throws at its third batch; the first call is that of the trial. */
async function weightsAfter(compile: boolean, onBackward: boolean): Promise<number[][]> {
  const net = smallNet();
  let calls = 0;
  const metrics = {
    fragile: () => {
      if (++calls === 4) throw new Error("broken");
      return 0;
    },
  };
  const optimizer = new Adam(namedParameters(net));
  const callbacks = onBackward ? [{ onBackward: () => {} }] : [];
  const options = { optimizer, loss: crossEntropy, epochs: 1, batchSize: 2, rng: createRng(1) };
  await expect(fit(net, points(8), { ...options, compile, metrics, callbacks })).rejects.toThrow("broken");
  return [...namedParameters(net).map(([, { data }]) => [...data]), [optimizer.stepCount]];
}

test("a metric that throws leaves the weights of the same step, compiled or not", async () => {
  const compiled = await weightsAfter(true, false);
  expect(compiled.at(-1)).toEqual([3]);
  expect(await weightsAfter(false, false)).toEqual(compiled);
  // A callback that sees the gradients comes before the update, and the metric before the callback: with compile or without.
  const looked = await weightsAfter(true, true);
  expect(looked.at(-1)).toEqual([2]);
  expect(await weightsAfter(false, true)).toEqual(looked);
});
