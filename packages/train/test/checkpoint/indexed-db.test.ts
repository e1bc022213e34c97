import { ArgumentError, createRng, crossEntropy } from "@gradus/core";
import { namedParameters } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
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
