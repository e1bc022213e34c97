import { ArgumentError, createRng } from "@gradus/core";
import { describe, expect, test, vi } from "vitest";
import { Checkpointer } from "../../src/checkpoint/checkpointer.ts";
import { type CheckpointStore, fit, StorageError } from "../../src/index.ts";
import { bitsOf, IdleOptimizer, optionsFor, points, rejection, smallNet } from "../support.ts";

const store: CheckpointStore = {
  place: "nowhere",
  open: async () => {},
  names: async () => [],
  read: async () => new Uint8Array(),
  write: async () => {},
  remove: async () => {},
};

describe("checkpoint", () => {
  test.each<[string, unknown, string]>([
    [
      "is no object",
      null,
      "fit: checkpoint: needs an options object { dir, store, every, keep, also }, got null",
    ],
    [
      "is a path",
      "out",
      'fit: checkpoint: needs an options object { dir, store, every, keep, also }, got "out"',
    ],
    ["has an unknown option", { store, kept: 3 }, 'fit: checkpoint: unknown option "kept"'],
    ["has no place", {}, "fit: checkpoint needs dir, a folder, or a store, and not both"],
    [
      "has two places",
      { dir: "out", store },
      "fit: checkpoint needs dir, a folder, or a store, and not both",
    ],
    ["has a dir that is no path", { dir: 3 }, "checkpoint: dir must be a path, got 3"],
    [
      "has a store that is none",
      { store: {} },
      "fit: checkpoint: store must be a store such as indexedDbStore(name)",
    ],
    [
      "has a store that lacks methods",
      { store: { write: () => {}, read: () => {}, open: 1 } },
      "fit: checkpoint: store must be a store such as indexedDbStore(name), got Object; it has no open, names, remove",
    ],
    ["keeps none", { store, keep: 0 }, "fit: checkpoint: keep must be a whole number ≥ 1, got 0"],
    [
      "is made every so often",
      { store, every: 3 },
      "fit: checkpoint.every: needs an options object { epochs, steps,",
    ],
    [
      "is made every minute",
      { store, every: { minute: 1 } },
      'fit: checkpoint.every: unknown option "minute"',
    ],
    [
      "is made every 0 epochs",
      { store, every: { epochs: 0 } },
      "every: epochs must be a whole number ≥ 1, got 0",
    ],
    [
      "is made every 1.5 steps",
      { store, every: { steps: 1.5 } },
      "every: steps must be a whole number ≥ 1, got 1.5",
    ],
    [
      "is made every 0 seconds",
      { store, every: { seconds: 0 } },
      "every: seconds must be a finite number > 0, got 0",
    ],
    [
      "has a list beside it",
      { store, also: [] },
      "fit: checkpoint: also must be an object of parts that have state()",
    ],
    [
      "has what has no state beside it",
      { store, also: { rate: 0.1 } },
      "fit: checkpoint: also must be an object of parts",
    ],
  ])("that %s is refused before training begins", async (_, checkpoint, message) => {
    expect(() => new Checkpointer(checkpoint as never)).toThrow(ArgumentError);
    expect(() => new Checkpointer(checkpoint as never)).toThrow(message);
    const net = smallNet();
    const changes = { checkpoint: checkpoint as never };
    expect(String(await rejection(fit(net, points(4), optionsFor(net, changes))))).toContain(message);
  });

  test("needs a name for each callback with a state, and an optimizer with a state", async () => {
    const net = smallNet();
    const unnamed = { state: () => 1, restore() {}, onEpochEnd() {} };
    for (const [changes, message] of [
      [
        { optimizer: new IdleOptimizer() },
        "fit: checkpoint needs an optimizer with state() and restore(state)",
      ],
      [
        { callbacks: [unnamed] },
        "fit: checkpoint needs a name of its own for each callback with a state, got undefined",
      ],
      [
        {
          callbacks: [
            { ...unnamed, name: "a" },
            { ...unnamed, name: "a" },
          ],
        },
        'callback with a state, got "a"',
      ],
      [
        { callbacks: [{ name: "a", state: () => 1, onEpochEnd() {} }] },
        'needs restore(state) beside state() in the callback "a"',
      ],
      [
        {
          optimizer: Object.assign(new IdleOptimizer(), {
            stepCount: undefined,
            state: () => 1,
            restore() {},
          }),
        },
        "fit: checkpoint: the optimizer's stepCount must be a whole number ≥ 0, got undefined",
      ],
    ] as const) {
      const options = optionsFor(net, { checkpoint: { store }, ...changes });
      expect(String(await rejection(fit(net, points(4), options)))).toContain(message);
    }
  });

  test.each<[string, unknown, string]>([
    ["that is undefined", undefined, 'state() of "callback mine" gave undefined'],
    ["with a function in it", { f: () => 1 }, "callback mine/f is function f"],
  ])("R3: a callback's state %s is refused before the first step", async (_, state, message) => {
    const net = smallNet();
    const before = bitsOf(net);
    const mine = { name: "mine", state: () => state, restore() {}, onEpochEnd() {} };
    const options = optionsFor(net, { checkpoint: { store }, callbacks: [mine] });
    const error = await rejection(fit(net, points(4), options));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toContain(message);
    expect(bitsOf(net)).toEqual(before);
  });

  test("R11: an old checkpoint that cannot be removed stays, with one warning, and training goes on", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const written: string[] = [];
    const stuck: CheckpointStore = {
      ...store,
      names: async () => written,
      write: async (name) => void written.push(name),
      remove: async () => {
        throw new StorageError("it is a folder");
      },
    };
    const net = smallNet();
    const history = await fit(net, points(8), optionsFor(net, { epochs: 5, checkpoint: { store: stuck } }));
    expect(history.epochs.length).toBe(5);
    expect(written.length).toBe(5);
    expect(warn.mock.calls).toEqual([["fit: old checkpoints could not be removed: it is a folder"]]);
    warn.mockRestore();
  });

  test("R3: a stepCount that goes back is refused: its checkpoint would not be the newest", async () => {
    const written: string[] = [];
    const counted = {
      ...store,
      names: async () => [],
      write: async (name: string) => void written.push(name),
    };
    const parts = { rng: createRng("a") };
    const checkpointer = new Checkpointer({ store: counted });
    await checkpointer.begin(parts, false);
    await checkpointer.save(parts, 5);
    await checkpointer.save(parts, 5);
    await expect(checkpointer.save(parts, 4)).rejects.toThrow("stepCount went back from 5 to 4");
    expect(written).toEqual(["step-0000000005", "step-0000000005"]);
    await checkpointer.end();
  });

  test("R11: a store that cannot be closed is a warning", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const close = (): Promise<void> => Promise.reject(new StorageError("it is gone"));
    const net = smallNet();
    const options = optionsFor(net, { epochs: 1, checkpoint: { store: { ...store, close } } });
    expect((await fit(net, points(8), options)).epochs.length).toBe(1);
    expect(warn.mock.calls).toEqual([["fit: nowhere could not be closed: it is gone"]]);
    warn.mockRestore();
  });

  test("R4: a store is used by one training at a time, and is free after each end", async () => {
    let open = 0;
    const counted: CheckpointStore = {
      ...store,
      open: async () => void open++,
      close: async () => void open--,
    };
    const net = smallNet();
    const other = smallNet();
    const options = { epochs: 1, checkpoint: { store: counted } };
    const first = fit(net, points(8), optionsFor(net, options));
    const error = await rejection(fit(other, points(8), optionsFor(other, options)));
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).toContain("another training saves to nowhere");
    await first;
    const failing = { onEpochEnd: () => Promise.reject(new Error("fails")) };
    await rejection(fit(net, points(8), optionsFor(net, { ...options, callbacks: [failing] })));
    await fit(net, points(8), optionsFor(net, options));
    expect(open).toBe(0);
  });

  test("is saved every epoch by default, else when one of the conditions holds", () => {
    const due = ({ every }: { every?: object } = {}) => {
      const checkpointer = new Checkpointer({ store, ...(every && { every }) });
      return [1, 2, 3, 4].map((n) =>
        [checkpointer.dueAfterEpoch(n), checkpointer.dueAfterStep(n)].map(Number).join(""),
      );
    };
    expect(due()).toEqual(["10", "10", "10", "10"]);
    expect(due({ every: { steps: 3 } })).toEqual(["00", "00", "01", "00"]);
    expect(due({ every: { steps: 2, epochs: 4 } })).toEqual(["00", "01", "00", "11"]);
    expect(due({ every: { seconds: 1e-9 } })).toEqual(["01", "01", "01", "01"]);
  });

  test.each([
    [undefined, [2, 4, 6, 8]],
    [{ epochs: 2 }, [4, 8]],
    [{ epochs: 3 }, [6, 8]],
    [{ steps: 3 }, [3, 6, 8]],
    [{ steps: 4, epochs: 1 }, [2, 4, 4, 6, 8, 8]],
  ])(
    "every %o saves after the steps %o of 8 in 4 epochs, the last of them at the end",
    async (every, steps) => {
      const net = smallNet();
      const written: number[] = [];
      const write = async (name: string) => void written.push(Number(name.slice("step-".length)));
      const checkpoint = { store: { ...store, write }, ...(every && { every }) };
      await fit(net, points(8), optionsFor(net, { epochs: 4, checkpoint }));
      expect(written).toEqual(steps);
    },
  );
});
