import { namedParameters } from "@gradus/nn";
import { SGD, warmUp } from "@gradus/optim";
import { expect, test } from "vitest";
import { fit, learningRateLog } from "../src/index.ts";
import { optionsFor, points, smallNet } from "./support.ts";

test("learningRateLog keeps the rate of every update, as the schedule gives it", async () => {
  const net = smallNet();
  const schedule = (step: number) => 0.1 / (1 + step);
  const optimizer = new SGD(namedParameters(net), { learningRate: schedule });
  const log = learningRateLog();
  await fit(net, points(10), optionsFor(net, { optimizer, callbacks: [log] }));
  expect(log.steps).toEqual([1, 2, 3, 4, 5, 6]);
  expect(log.rates).toEqual([0, 1, 2, 3, 4, 5].map(schedule));
  // It begins anew, while the optimizer goes on.
  await fit(net, points(10), optionsFor(net, { optimizer, epochs: 3, startEpoch: 3, callbacks: [log] }));
  expect(log.steps).toEqual([7, 8, 9]);
  expect(log.rates).toEqual([6, 7, 8].map(schedule));
});

test("learningRateLog keeps the first group's rate, and skips a step that was not made", async () => {
  const net = smallNet();
  const all = namedParameters(net);
  const optimizer = new SGD(
    [{ parameters: all.slice(0, 2), learningRate: 0.5 }, { parameters: all.slice(2) }],
    {
      learningRate: warmUp(0.1, 4),
    },
  );
  const log = learningRateLog();
  const stop = {
    onBackward: ({ batch }: { batch: number }, _g: unknown, training: { stop(reason: string): void }) =>
      void (batch === 2 && training.stop("enough")),
  };
  await fit(net, points(10), optionsFor(net, { optimizer, callbacks: [log, stop] }));
  expect(log.rates).toEqual([0.5]);
});
