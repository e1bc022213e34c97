import { createRng, crossEntropy } from "@gradus/core";
import { batches } from "@gradus/data";
import { namedParameters, namedTensors, Sequential } from "@gradus/nn";
import { Adam, SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { evaluate, type FitOptions, fit, type Training } from "../src/index.ts";
import { spy } from "./fit/support.ts";
import {
  bitsOf,
  copyInto,
  optionsFor,
  points,
  Recorder,
  rejection,
  smallNet,
  trainingRng,
} from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A history without the one value that differs from run to run. */
const withoutSeconds = (history: { epochs: readonly object[] }) =>
  history.epochs.map((log) => ({ ...log, seconds: 0 }));

describe("fit", () => {
  test("gives the same history and the same bits for the same seeds", async () => {
    const run = async () => {
      const net = smallNet();
      const optimizer = new Adam(namedParameters(net), { learningRate: 0.05 });
      const history = await fit(
        net,
        points(18),
        optionsFor(net, { optimizer, epochs: 3, validation: points(5, "v") }),
      );
      return { history: withoutSeconds(history), bits: bitsOf(net) };
    };
    const first = await run();
    expect(await run()).toEqual(first);
    expect(bitsOf(smallNet())).not.toEqual(first.bits);
  });

  test("depends on the seed of training, and does not advance the stream", async () => {
    const run = async (rng: FitOptions["rng"]) => {
      const net = smallNet();
      await fit(net, points(18), optionsFor(net, { rng }));
      return bitsOf(net);
    };
    const rng = trainingRng();
    const first = await run(rng);
    expect(rng.state()).toEqual(trainingRng().state());
    expect(await run(rng)).toEqual(first);
    rng.next();
    expect(await run(rng)).toEqual(first); // streams of splits do not depend on the position
    expect(await run(createRng("another"))).not.toEqual(first);
  });

  test("learns", async () => {
    const net = smallNet();
    const history = await fit(net, points(200), optionsFor(net, { epochs: 10, batchSize: 20 }));
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(history.last?.loss).toBeLessThan(0.6 * history.epochs[0].loss);
    expect(evaluate(net, points(100, "fresh"), { loss: crossEntropy }).accuracy).toBeGreaterThan(0.9);
  });

  test("draws the same numbers in epoch k whether or not earlier epochs ran here", async () => {
    const record = async (changes: Partial<FitOptions>) => {
      const { net, ...seen } = spy(smallNet());
      await fit(net, points(10), optionsFor(net, { epochs: 3, ...changes }));
      const trial = seen.batches.length - 3 * (4 - (changes.startEpoch ?? 1));
      return { batches: seen.batches.slice(trial), drawn: seen.drawn.slice(trial) };
    };
    const whole = await record({});
    const last = await record({ startEpoch: 3 });
    expect(last.batches).toEqual(whole.batches.slice(6));
    expect(last.drawn).toEqual(whole.drawn.slice(6));
    expect(new Set(whole.drawn).size).toBe(9);
    const order = (epoch: number) => whole.batches.slice(3 * epoch - 3, 3 * epoch).flat();
    expect(order(1)).not.toEqual(order(2));
    expect([...order(1)].sort()).toEqual([...order(2)].sort());
    const rng = trainingRng().split("epoch 2").split("order");
    expect(order(2)).toEqual([...batches(points(10), 4, { rng })].flatMap(({ inputs }) => [...inputs.data]));
    expect(whole.drawn[3]).toBe(trainingRng().split("epoch 2").split("layers").next());
  });

  test("continues an earlier training with the same bits", async () => {
    const make = (net: object) => new SGD(namedParameters(net), { learningRate: 0.1, momentum: 0.9 });
    const [whole, first, second] = [smallNet(), smallNet(), smallNet("elsewhere")];
    const validation = points(6, "validation");
    const options = { validation, epochs: 4 };
    const expected = await fit(whole, points(14), optionsFor(whole, { ...options, optimizer: make(whole) }));

    const optimizer = make(first);
    const begun = await fit(first, points(14), optionsFor(first, { validation, epochs: 2, optimizer }));
    copyInto(second, first);
    const restored = make(second);
    restored.restore(structuredClone(optimizer.state()));
    const resumed = await fit(
      second,
      points(14),
      optionsFor(second, { ...options, startEpoch: 3, optimizer: restored }),
    );

    expect(bitsOf(second)).toEqual(bitsOf(whole));
    expect([...withoutSeconds(begun), ...withoutSeconds(resumed)]).toEqual(withoutSeconds(expected));
  });

  test("skips a last batch that is not full under dropLast: true", async () => {
    const { net, batches: seen } = spy(smallNet());
    const training: Training[] = [];
    const callbacks = [{ onTrainBegin: (t: Training) => void training.push(t) }];
    await fit(net, points(10), optionsFor(net, { epochs: 1, dropLast: true, callbacks }));
    expect(seen.slice(-2).map(({ length }) => length)).toEqual([8, 8]);
    expect(training).toMatchObject([{ batches: 2, samples: 8 }]);
  });

  test("the trial before training changes no buffer and nothing else", async () => {
    const net = smallNet();
    const before = bitsOf(net);
    const begun = { onTrainBegin: () => expect(bitsOf(net)).toEqual(before) };
    await fit(net, points(10), optionsFor(net, { callbacks: [begun] }));
    expect(namedTensors(net)[4][0]).toBe("layers.1.runningMean");
  });

  test("refuses a second training of the same net at the same time, and lets it be trained again", async () => {
    const net = smallNet();
    const first = fit(
      net,
      points(10),
      optionsFor(net, { callbacks: [{ onEpochEnd: () => Promise.resolve() }] }),
    );
    expect(String(await rejection(fit(net, points(10), optionsFor(net))))).toMatch("being trained already");
    await first;
    await expect(fit(net, points(10), optionsFor(net))).resolves.toBeDefined();
    const broken = { onTrainBegin: () => Promise.reject(new Error("no")) };
    await rejection(fit(net, points(10), optionsFor(net, { callbacks: [broken] })));
    await expect(fit(net, points(10), optionsFor(net))).resolves.toBeDefined();
  });

  test("yields to the event loop every 50 ms, in training and in validation", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const events: string[] = [];
    const tick = () => {
      events.push("turn");
      if (events.length < 100) setImmediate(tick);
    };
    const net = new Sequential(...smallNet().layers, {
      forward(x, mode) {
        events.push(mode?.train ? "train" : "evaluate");
        now += 30;
        return x;
      },
    });
    const options = { epochs: 1, batchSize: 2, validation: points(8, "v"), compile: false };
    setImmediate(tick);
    await fit(
      net,
      points(8),
      optionsFor(net, { ...options, callbacks: [{ onTrainBegin: () => void events.splice(0) }] }),
    );
    const work = events.join(" ").replace(/(turn ?)+/g, "| ");
    // Two forward passes take 60 ms, so there is a turn after every second one at the latest.
    expect(work).not.toMatch(/(train|evaluate) (train|evaluate) (train|evaluate)/);
    expect(work.match(/\|/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test("calls nothing twice and everything in order", async () => {
    const calls: string[] = [];
    const [a, b] = [new Recorder("a ", calls), new Recorder("b ", calls)];
    const net = smallNet();
    await fit(net, points(8), optionsFor(net, { callbacks: [a, b] }));
    const hooks = ["begin"];
    for (const epoch of [1, 2]) {
      hooks.push(`epoch ${epoch} begin`);
      for (const batch of [1, 2]) hooks.push(`backward ${epoch}.${batch}`, `batch ${epoch}.${batch}`);
      hooks.push(`epoch ${epoch} end`);
    }
    hooks.push("end");
    expect(calls).toEqual(hooks.flatMap((hook) => [`a ${hook}`, `b ${hook}`]));
    expect(a.ends).toEqual([{ outcome: "finished" }]);
  });

  test("waits for hooks that return promises", async () => {
    const calls: string[] = [];
    const hook = (name: string) => async () => {
      calls.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      calls.push(`${name} ends`);
    };
    const names = ["onTrainBegin", "onEpochBegin", "onBackward", "onBatchEnd", "onEpochEnd", "onTrainEnd"];
    const slow = Object.fromEntries(names.map((name) => [name, hook(name)]));
    const net = smallNet();
    await fit(net, points(4), optionsFor(net, { epochs: 1, callbacks: [slow] }));
    expect(calls).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]));
  });
});
