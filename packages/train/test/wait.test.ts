import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Callback, fit } from "../src/index.ts";
import { GRACE_MS, Unfinished, waiter } from "../src/wait.ts";
import { bitsOf, memoryStore, never, optionsFor, points, Recorder, rejection, smallNet } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("waiter", () => {
  test("gives the result or the error of a promise, and any other value at once", async () => {
    for (const wait of [waiter(undefined), waiter(new AbortController().signal)]) {
      expect(await wait(Promise.resolve(3))).toBe(3);
      expect(await wait(4)).toBe(4);
      expect(await wait(undefined)).toBeUndefined();
      expect(await rejection(wait(Promise.reject("broken")))).toBe("broken");
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  test("waits 2 seconds more once the signal is aborted, before or meanwhile", async () => {
    for (const before of [true, false]) {
      const controller = new AbortController();
      if (before) controller.abort("enough");
      const wait = waiter(controller.signal);
      const error = rejection(wait(never));
      const soon = wait(new Promise((resolve) => setTimeout(() => resolve("done"), GRACE_MS - 1)));
      if (!before) controller.abort("enough");
      await vi.advanceTimersByTimeAsync(GRACE_MS);
      expect(await soon).toBe("done");
      expect(await error).toBeInstanceOf(Unfinished);
      expect(await error).toMatchObject({ reason: "enough" });
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  test("leaves no listener behind", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await waiter(signal)(Promise.resolve());
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });
});

/** Aborts a training that waits for ever, and lets the time pass. */
async function abortedWhileWaiting(
  changes: Parameters<typeof optionsFor>[1],
  net = smallNet(),
): Promise<unknown> {
  const controller = new AbortController();
  const error = rejection(fit(net, points(10), optionsFor(net, { ...changes, signal: controller.signal })));
  await turns();
  controller.abort("enough");
  await turns();
  await vi.advanceTimersByTimeAsync(GRACE_MS);
  await turns();
  await vi.advanceTimersByTimeAsync(GRACE_MS); // for onTrainEnd or the last save
  return error;
}

/** Turns of the event loop: time for training to reach the point where it waits. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe("R13: fit ends when it is aborted, and the net is free, while", () => {
  const hooks = ["onTrainBegin", "onEpochBegin", "onBackward", "onBatchEnd", "onEpochEnd", "onTrainEnd"];
  for (const hook of hooks) {
    test(`${hook} never resolves`, async () => {
      const net = smallNet();
      const recorder = new Recorder();
      const stuck: Callback = { [hook]: () => never };
      expect(await abortedWhileWaiting({ callbacks: [recorder, stuck] }, net)).toBe("enough");
      expect(recorder.ends).toHaveLength(1);
      vi.useRealTimers();
      expect((await fit(net, points(10), optionsFor(net))).epochs).toHaveLength(2);
    });
  }

  for (const method of ["open", "names", "write", "remove"] as const) {
    test(`${method} of the store never resolves`, async () => {
      const net = smallNet();
      const store = memoryStore([method]);
      const checkpoint = { store, every: { steps: 1 }, keep: 1 };
      expect(await abortedWhileWaiting({ checkpoint }, net)).toBe("enough");
      vi.useRealTimers();
      expect((await fit(net, points(10), optionsFor(net))).epochs).toHaveLength(2);
    });
  }

  test("a checkpoint is read, which then changes nothing any more", async () => {
    const first = smallNet();
    const store = memoryStore();
    await fit(first, points(10), optionsFor(first, { checkpoint: { store } }));
    const net = smallNet("other");
    const before = bitsOf(net);
    let resolve = (_bytes: Uint8Array): void => {};
    store.read = () =>
      new Promise((done) => {
        resolve = done;
      });
    expect(await abortedWhileWaiting({ checkpoint: { store }, resume: true }, net)).toBe("enough");
    resolve([...store.saved.values()][0] as Uint8Array);
    await turns();
    expect(bitsOf(net)).toEqual(before);
  });
});

test("R13: fit ends when its last save, after an abort, never resolves", async () => {
  const net = smallNet();
  const controller = new AbortController();
  const options = optionsFor(net, {
    signal: controller.signal,
    checkpoint: { store: memoryStore(["write"]) },
    callbacks: [{ onBatchEnd: () => controller.abort("enough") }],
  });
  const error = rejection(fit(net, points(10), options));
  await turns();
  await vi.advanceTimersByTimeAsync(GRACE_MS);
  expect(await error).toBe("enough");
});

test("R13: a slow callback may finish, and the last checkpoint is saved", async () => {
  const net = smallNet();
  const store = memoryStore();
  const controller = new AbortController();
  const slow = async (): Promise<void> => {
    controller.abort("enough");
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS - 1));
  };
  const options = optionsFor(net, {
    signal: controller.signal,
    checkpoint: { store },
    callbacks: [{ onBatchEnd: slow }],
  });
  const error = rejection(fit(net, points(10), options));
  await turns();
  await vi.advanceTimersByTimeAsync(GRACE_MS);
  expect(await error).toBe("enough");
  expect([...store.saved.keys()]).toEqual(["step-0000000001"]);
});

test("R13: after an abort while a callback hangs no checkpoint is saved, as its state may be half changed", async () => {
  const store = memoryStore();
  await abortedWhileWaiting({ checkpoint: { store }, callbacks: [{ onBatchEnd: () => never }] });
  expect(store.saved.size).toBe(0);
});
