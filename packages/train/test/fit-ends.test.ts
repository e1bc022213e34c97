import { GradusError, type Tensor } from "@gradus/core";
import type { SGD } from "@gradus/optim";
import { describe, expect, test, vi } from "vitest";
import { fit, type TrainEnd, type Training } from "../src/index.ts";
import { at, expected, type Hook, hooks, weightsAfter, weightsOf } from "./fit-ends/support.ts";
import { bitsOf, memoryStore, optionsFor, points, Recorder, rejection, smallNet } from "./support.ts";

describe("training that is stopped", () => {
  for (const hook of hooks) {
    test(`by ${hook} takes no further step, and logs no unfinished epoch`, async () => {
      const { n, steps, epochs, last } = expected[hook];
      const net = smallNet();
      const recorder = new Recorder();
      const options = optionsFor(net, {
        epochs: 3,
        validation: points(3, "v"),
        callbacks: [at(hook, n, (training) => training.stop(`by ${hook}`)), recorder],
      });
      const history = await fit(net, points(10), options);
      expect(history.stopped).toBe(`by ${hook}`);
      expect(history.epochs.length).toBe(epochs);
      expect((options.optimizer as SGD).stepCount).toBe(steps);
      expect(weightsOf(net)).toEqual(await weightsAfter(steps));
      expect(recorder.calls.slice(-2)).toEqual([last, "end"]);
      expect(recorder.ends).toEqual([{ outcome: "stopped", reason: `by ${hook}` }]);
    });
  }

  test("keeps the first reason, and needs one", async () => {
    const net = smallNet();
    const twice = at("onEpochEnd", 1, (training) => {
      training.stop("first");
      training.stop("second");
    });
    const history = await fit(net, points(10), optionsFor(net, { callbacks: [twice] }));
    expect(history.stopped).toBe("first");
    const without = at("onEpochEnd", 1, (training) => (training.stop as () => void)());
    const error = await rejection(fit(net, points(10), optionsFor(net, { callbacks: [without] })));
    expect(String(error)).toMatch("training.stop: the reason must be a string, got undefined");
  });

  test("ignores stop after it has ended", async () => {
    const net = smallNet();
    const late = { onTrainEnd: (_end: TrainEnd, training: Training) => training.stop("too late") };
    expect((await fit(net, points(10), optionsFor(net, { callbacks: [late] }))).stopped).toBeUndefined();
  });
});

test("R15: resuming a training that was stopped says that nothing is resumed, and the way on, which works", async () => {
  const net = smallNet();
  const store = memoryStore();
  const checkpoint = { store };
  const stopping = at("onEpochEnd", 2, (training) => training.stop("good enough"));
  const options = optionsFor(net, { epochs: 5, checkpoint, callbacks: [stopping] });
  await fit(net, points(10), options);
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    const again = smallNet("again");
    const optimizer = optionsFor(again).optimizer;
    const resumed = { ...options, optimizer, callbacks: [], resume: true };
    expect((await fit(again, points(10), resumed)).stopped).toBe("good enough");
    expect(bitsOf(again)).toEqual(bitsOf(net));
    expect(warned.mock.calls).toEqual([
      [
        'fit: there is nothing to resume: this training was stopped before epoch 3, with the reason "good enough". Net and ' +
          "optimizer are as they were then. To train on, call fit again with startEpoch: 3, without resume, and with " +
          "another place for checkpoints",
      ],
    ]);
    const further = { ...resumed, startEpoch: 3, resume: false, checkpoint: { store: memoryStore() } };
    expect((await fit(again, points(10), further)).epochs.map(({ epoch }) => epoch)).toEqual([3, 4, 5]);
    const whole = smallNet();
    await fit(whole, points(10), optionsFor(whole, { epochs: 5 }));
    expect(bitsOf(again)).toEqual(bitsOf(whole));
  } finally {
    warned.mockRestore();
  }
});

describe("training that is aborted", () => {
  // The step that was begun is finished, and an epoch that has all its steps.
  const aborted: Record<Hook, { steps: number; epochs: number }> = {
    onTrainBegin: { steps: 0, epochs: 0 },
    onEpochBegin: { steps: 3, epochs: 1 },
    onBackward: { steps: 5, epochs: 1 },
    onBatchEnd: { steps: 5, epochs: 1 },
    onEpochEnd: { steps: 6, epochs: 2 },
  };
  for (const hook of hooks) {
    test(`during ${hook} throws the signal's reason, with the weights of the last finished step`, async () => {
      const net = smallNet();
      const controller = new AbortController();
      const recorder = new Recorder();
      const reason = { why: "enough" };
      const abort = at(hook, expected[hook].n, () => controller.abort(reason));
      const options = optionsFor(net, { epochs: 3, signal: controller.signal, callbacks: [abort, recorder] });
      expect(await rejection(fit(net, points(10), options))).toBe(reason);
      const { steps, epochs } = aborted[hook];
      expect((options.optimizer as SGD).stepCount).toBe(steps);
      expect(weightsOf(net)).toEqual(await weightsAfter(steps));
      expect(recorder.calls.filter((call) => /^epoch \d end$/.test(call)).length).toBe(epochs);
      if (hook === "onEpochEnd") expect(recorder.calls).not.toContain(`epoch ${epochs + 1} begin`);
      expect(recorder.calls.at(-1)).toBe("end");
      expect(recorder.ends).toEqual([{ outcome: "aborted", error: reason }]);
    });
  }

  test("during validation throws too, and does not log the epoch", async () => {
    const net = smallNet();
    const controller = new AbortController();
    const recorder = new Recorder();
    let evaluated = 0;
    const validated = {
      net,
      forward(x: Tensor, mode: Parameters<typeof net.forward>[1]) {
        if (!mode?.train && ++evaluated === 3) controller.abort(); // the first was the trial
        return net.forward(x, mode);
      },
    };
    const options = optionsFor(net, {
      validation: points(20, "v"),
      signal: controller.signal,
      callbacks: [recorder],
      compile: false, // the net counts its calls
    });
    expect(await rejection(fit(validated, points(10), options))).toBe(controller.signal.reason);
    expect(evaluated).toBe(3);
    expect(recorder.calls.slice(-2)).toEqual(["batch 1.3", "end"]);
    expect(weightsOf(net)).toEqual(await weightsAfter(3));
  });

  test("by an event outside ends within the epoch", async () => {
    const net = smallNet();
    const controller = new AbortController();
    const pause = { onBatchEnd: () => new Promise((resolve) => setImmediate(resolve)) };
    const options = optionsFor(net, { epochs: 1000, signal: controller.signal, callbacks: [pause] });
    const training = rejection(fit(net, points(10), options));
    setImmediate(() => setImmediate(() => controller.abort()));
    expect(await training).toBeInstanceOf(DOMException);
    expect((options.optimizer as SGD).stepCount).toBeLessThan(10);
  });

  test("before it begins changes nothing and calls no callback", async () => {
    const net = smallNet();
    const before = bitsOf(net);
    const recorder = new Recorder();
    const reason = new Error("no longer wanted");
    const options = optionsFor(net, { signal: AbortSignal.abort(reason), callbacks: [recorder] });
    expect(await rejection(fit(net, points(10), options))).toBe(reason);
    expect(bitsOf(net)).toEqual(before);
    expect(recorder.calls).toEqual([]);
    expect((options.optimizer as SGD).stepCount).toBe(0);
    await expect(fit(net, points(10), optionsFor(net))).resolves.toBeDefined();
  });

  test("K13: without a reason throws an error that says so, and does not count as finished", async () => {
    const net = smallNet();
    const signal = { aborted: false, reason: undefined };
    const recorder = new Recorder();
    const abort = at("onBatchEnd", 1, () => Object.assign(signal, { aborted: true }));
    const options = optionsFor(net, { signal, callbacks: [abort, recorder] });
    let thrown: unknown = "nothing";
    await fit(net, points(10), options).catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).toEqual(new GradusError("fit: aborted; the signal gives no reason"));
    expect(recorder.ends).toEqual([{ outcome: "aborted", error: thrown }]);
    await expect(fit(net, points(10), optionsFor(net, { signal }))).rejects.toThrow(GradusError);
  });
});
