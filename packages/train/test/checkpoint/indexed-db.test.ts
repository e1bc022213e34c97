import { ArgumentError, createRng, crossEntropy } from "@gradus/core";
import { namedParameters } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fit, indexedDbStore, StorageError } from "../../src/index.ts";
import { bitsOf, points, smallNet } from "../support.ts";

let browser: InstanceType<typeof IDBFactory>;

beforeEach(() => {
  browser = new IDBFactory();
  vi.stubGlobal("indexedDB", browser);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a training is saved in a browser's database and resumed from it", async () => {
  const train = async (resume: boolean, until?: number) => {
    const net = smallNet();
    const stop = new AbortController();
    const run = fit(net, points(20), {
      optimizer: new Adam(namedParameters(net)),
      loss: crossEntropy,
      epochs: 3,
      batchSize: 4,
      rng: createRng("training"),
      checkpoint: { store: indexedDbStore("run") },
      resume,
      signal: stop.signal,
      callbacks: [{ onBatchEnd: ({ step }) => step === until && stop.abort(new Error("closed")) }],
    });
    if (until === undefined) await run;
    else await expect(run).rejects.toThrow("closed");
    return bitsOf(net);
  };
  const whole = await train(false);
  vi.stubGlobal("indexedDB", new IDBFactory());
  await train(false, 7);
  expect(await train(true)).toEqual(whole);
  expect((await indexedDbStore("run").names()).length).toBe(2);
});

test("lists, reads and removes checkpoints", async () => {
  const store = indexedDbStore("a");
  await store.open();
  await store.write("one", Uint8Array.of(1));
  await store.write("two", Uint8Array.of(2));
  await store.write("one", Uint8Array.of(3));
  expect(await store.names()).toEqual(["one", "two"]);
  expect([...(await store.read("one"))]).toEqual([3]);
  await store.remove("one");
  expect(await store.names()).toEqual(["two"]);
  expect(await indexedDbStore("b").names()).toEqual([]);
  await expect(store.read("one")).rejects.toThrow(/the database "a": it has no "one"/);
});

test("a save that fails throws and leaves the stored checkpoints", async () => {
  const store = indexedDbStore("a");
  await store.write("one", Uint8Array.of(1));
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
    this: InstanceType<typeof IDBObjectStore>,
  ) {
    this.transaction.abort();
    return undefined as never;
  });
  await expect(store.write("one", Uint8Array.of(2))).rejects.toThrow(StorageError);
  put.mockRestore();
  expect([...(await store.read("one"))]).toEqual([1]);
});

describe("R4: a database has one training at a time", () => {
  /** The Web Locks of a browser with one window. */
  function webLocks() {
    const held = new Set<string>();
    return {
      held,
      async request(name: string, _: object, run: (lock: object | null) => Promise<void> | undefined) {
        if (held.has(name)) return run(null);
        held.add(name);
        await run({});
        held.delete(name);
      },
    };
  }

  test.each([
    ["with Web Locks", true],
    ["with a record", false],
  ])("%s: the second is refused, until the first has closed", async (_, locks) => {
    const found = locks ? webLocks() : undefined;
    vi.stubGlobal("navigator", { locks: found });
    const [one, two] = [indexedDbStore("a"), indexedDbStore("a")];
    await one.open();
    await expect(two.open()).rejects.toThrow(StorageError);
    await expect(two.open()).rejects.toThrow('another training saves to the database "a"; wait for its end');
    await two.close?.();
    await one.write("step", Uint8Array.of(1));
    expect(await one.names()).toEqual(["step"]);
    await indexedDbStore("b").open();
    await one.close?.();
    await two.open();
    expect(await two.names()).toEqual(["step"]);
    await two.close?.();
    expect(found?.held.has("gradus checkpoints a")).not.toBe(true);
  });

  test("with a record: one that was left behind by a closed page is taken over, and the old owner cannot save", async () => {
    vi.stubGlobal("navigator", undefined);
    const [one, two] = [indexedDbStore("a"), indexedDbStore("a")];
    await one.open();
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 151_000);
    await two.open();
    await expect(one.write("step", Uint8Array.of(1))).rejects.toThrow("another training saves to");
    await two.write("step", Uint8Array.of(2));
    await one.close?.(); // does not free the other's
    await expect(indexedDbStore("a").open()).rejects.toThrow(StorageError);
    await two.close?.();
  });

  test("with a record: a clock that was set back blocks nothing for ever", async () => {
    vi.stubGlobal("navigator", undefined);
    const one = indexedDbStore("a");
    await one.open();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() - 1e9);
    const two = indexedDbStore("a");
    await two.open();
    await two.close?.();
    await one.close?.();
  });
});

test.each([
  ["without our table", 1, /cannot list the database "a": /],
  ["of a newer version", 2, /cannot open the database "a": /],
])("a database of another program, %s, is an error that names it", async (_, version, message) => {
  await new Promise((resolve) => {
    const request = browser.open("a", version);
    request.onsuccess = () => resolve(request.result.close());
  });
  const error = await indexedDbStore("a")
    .names()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StorageError);
  expect(String(error)).toMatch(message);
});

test("needs a name, and a browser", () => {
  expect(() => indexedDbStore("")).toThrow(ArgumentError);
  vi.stubGlobal("indexedDB", undefined);
  expect(() => indexedDbStore("a")).toThrow(/no IndexedDB here; in Node pass checkpoint: \{ dir \}/);
});

const denied = (): never => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};
test.each([
  ["open throws", () => vi.stubGlobal("indexedDB", { open: denied })],
  [
    "the property throws",
    () => Object.defineProperty(globalThis, "indexedDB", { get: denied, configurable: true }),
  ],
  ["the property is null", () => vi.stubGlobal("indexedDB", null)],
])("R14: a page that may not store anything gets a StorageError that says why, if %s", async (_, forbid) => {
  forbid();
  const store = indexedDbStore("a");
  for (const use of [store.open(), store.names(), store.read("x"), store.write("x", Uint8Array.of(1))]) {
    const error = await use.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).toMatch(
      /this page may not use the database "a": .*(insecure|null).*allow-same-origin/,
    );
  }
});
