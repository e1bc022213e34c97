import { ArgumentError, show } from "@gradus/core";
import { reasonOf } from "@gradus/core/internal";
import { type CheckpointStore, StorageError } from "./store.ts";

// Only the used part of the DOM types, so that users do not need the DOM type library.
interface Request<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface OpenRequest extends Request<Database> {
  onupgradeneeded: (() => void) | null;
}
interface Database {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: "readonly" | "readwrite", options?: { durability: "strict" }): Transaction;
  close(): void;
}
interface Transaction {
  objectStore(name: string): ObjectStore;
  readonly error: Error | null;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
}
interface ObjectStore {
  getAllKeys(): Request<readonly string[]>;
  get(key: string): Request<Uint8Array | undefined>;
  put(value: Uint8Array, key: string): unknown;
  delete(key: string): unknown;
}
interface Host {
  readonly indexedDB?: { open(name: string, version: number): OpenRequest };
}

const TABLE = "checkpoints";

/**
 * Checkpoints in an IndexedDB database of the browser. Each save is one transaction: all of it is stored, or nothing.
 *
 * @param name the name of the database; use another one for each training.
 * A page may have IndexedDB and not be allowed to use it: in a frame with `sandbox`, with site data blocked by the user.
 * The first use of the store then rejects with a StorageError that says why.
 *
 * @throws ArgumentError if there is no IndexedDB.
 * @example await fit(net, train, { ..., checkpoint: { store: indexedDbStore("digits") }, resume: true });
 */
export function indexedDbStore(name: string): CheckpointStore {
  if (typeof name !== "string" || name === "") {
    throw new ArgumentError(`indexedDbStore: needs the name of a database, got ${show(name)}`);
  }
  if (!hasIndexedDb()) {
    throw new ArgumentError("indexedDbStore: there is no IndexedDB here; in Node pass checkpoint: { dir }");
  }
  const place = `the database ${show(name)}`;
  const fail = (what: string, cause: unknown): StorageError =>
    new StorageError(
      `checkpoint: cannot ${what} ${place}: ${(cause as Error | null)?.message ?? "it was aborted"}`,
      { cause },
    );
  const refused = (cause: unknown): StorageError =>
    new StorageError(
      `checkpoint: this page may not use ${place}: ${reasonOf(cause)}. A frame with sandbox needs allow-same-origin; ` +
        "a browser may block the data of sites",
      { cause },
    );

  /** Runs a transaction and waits until it is complete: only then its data are stored. */
  async function within<T>(
    what: string,
    mode: "readonly" | "readwrite",
    run: (table: ObjectStore) => Request<T> | undefined,
  ): Promise<T | undefined> {
    const database = await connect();
    try {
      return await new Promise<T | undefined>((resolve, reject) => {
        const transaction = database.transaction(TABLE, mode, { durability: "strict" });
        const request = run(transaction.objectStore(TABLE));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } catch (cause) {
      throw fail(what, cause);
    } finally {
      database.close();
    }
  }

  function connect(): Promise<Database> {
    return new Promise((resolve, reject) => {
      let request: OpenRequest;
      try {
        request = (globalThis as unknown as Required<Host>).indexedDB.open(name, 1);
      } catch (cause) {
        return reject(refused(cause));
      }
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(fail("open", request.error));
    });
  }

  return {
    place,
    async open() {
      (await connect()).close();
    },
    async names() {
      return (await within("list", "readonly", (table) => table.getAllKeys())) as readonly string[];
    },
    async read(key) {
      const bytes = await within("read", "readonly", (table) => table.get(key));
      if (bytes === undefined) throw fail("read", new Error(`it has no ${show(key)}`));
      return bytes;
    },
    async write(key, bytes) {
      await within("write to", "readwrite", (table) => void table.put(bytes, key));
    },
    async remove(key) {
      await within("remove from", "readwrite", (table) => void table.delete(key));
    },
  };
}

/** Whether the host has IndexedDB. Where it is there but forbidden, reading the property may throw already. */
function hasIndexedDb(): boolean {
  try {
    return (globalThis as Host).indexedDB !== undefined;
  } catch {
    return true;
  }
}
