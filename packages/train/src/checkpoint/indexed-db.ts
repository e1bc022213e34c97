import { ArgumentError, noMore, show } from "@gradus/core";
import { reasonOf } from "@gradus/core/internal";
import { randomId } from "./random-id.ts";
import { type CheckpointStore, StorageError } from "./store.ts";
import { webLock } from "./web-lock.ts";

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
  get(key: string): Request<unknown>;
  put(value: unknown, key: string): unknown;
  delete(key: string): unknown;
}
declare const setInterval: (task: () => void, milliseconds: number) => number;
declare const clearInterval: (timer: number | undefined) => void;
interface Host {
  readonly indexedDB?: { open(name: string, version: number): OpenRequest };
}

const TABLE = "checkpoints";

/** The key of the record that says which training has the database. */
const LOCK = "gradus.lock";

/** The record: the lock's own name, and the time of the last renewal. */
interface Holder {
  readonly id: string;
  readonly time: number;
}

/**
 * A record that was not renewed for so many milliseconds was left behind: its page was closed. Browsers slow the timers of
 * hidden pages down to one call a minute.
 */
const IDLE = 150_000;

const RENEWED_EVERY = 10_000;

/**
 * Checkpoints in an IndexedDB database of the browser. Each save is one transaction: all of it is stored, or nothing.
 *
 * One training at a time: a second one is refused until the first has ended, or its page was closed. (The browser tells by
 * a Web Lock; where there are none, by a record that is renewed every 10 s and counts for 150 s.)
 *
 * @param name the name of the database; use another one for each training.
 * A page may have IndexedDB and not be allowed to use it: in a frame with `sandbox`, with site data blocked by the user.
 * The first use of the store then rejects with a StorageError that says why.
 *
 * @throws ArgumentError if there is no IndexedDB.
 * @example await fit(net, train, { ..., checkpoint: { store: indexedDbStore("digits") }, resume: true });
 */
export function indexedDbStore(name: string, ...extra: readonly undefined[]): CheckpointStore {
  noMore("indexedDbStore", "name", extra);
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

  /** The name of our record, while we have one. */
  let id: string | undefined;
  let renewal: number | undefined;
  let releaseWebLock: (() => void) | undefined;
  const held = (): StorageError =>
    new StorageError(
      `checkpoint: another training saves to ${place}; wait for its end, close its page, or choose another name`,
    );

  /** Runs a transaction and waits until it is complete: only then its data are stored. */
  async function within<T>(
    what: string,
    mode: "readonly" | "readwrite",
    run: (table: ObjectStore) => Request<T> | undefined,
  ): Promise<T | undefined> {
    let database: Database | undefined;
    try {
      database = await connect();
      const transaction = database.transaction(TABLE, mode, { durability: "strict" });
      return await new Promise<T | undefined>((resolve, reject) => {
        const request = run(transaction.objectStore(TABLE));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } catch (cause) {
      throw cause instanceof StorageError ? cause : fail(what, cause);
    } finally {
      database?.close();
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

  /** Changes the table in one transaction, unless another training has the database. @throws StorageError then. */
  async function change(
    what: string,
    run: (table: ObjectStore) => void,
    me: string | undefined = id,
  ): Promise<void> {
    let free = true;
    await within(what, "readwrite", (table) => {
      const request = table.get(LOCK) as Request<Holder | undefined>;
      request.onsuccess = () => {
        const holder = request.result;
        free = holder === undefined || holder.id === me || Math.abs(Date.now() - holder.time) > IDLE;
        if (!free) return;
        run(table);
        if (me !== undefined) table.put({ id: me, time: Date.now() } satisfies Holder, LOCK);
      };
      return undefined;
    });
    if (!free) throw held();
  }

  return {
    place,
    async open() {
      await within("open", "readonly", () => undefined); // says why, if the page may not use it
      const lock = await webLock(`gradus checkpoints ${name}`).catch((cause: unknown) => {
        throw fail("lock", cause);
      });
      if (lock === "held") throw held();
      if (lock !== "none") {
        releaseWebLock = lock;
        return;
      }
      const me = randomId();
      await change("open", () => {}, me);
      id = me;
      renewal = setInterval(() => void change("renew", () => {}).catch(() => {}), RENEWED_EVERY);
    },
    async close() {
      clearInterval(renewal);
      releaseWebLock?.();
      releaseWebLock = undefined;
      if (id === undefined) return;
      const me = id;
      id = undefined;
      await within("close", "readwrite", (table) => {
        const request = table.get(LOCK) as Request<Holder | undefined>;
        request.onsuccess = () => {
          if (request.result?.id === me) table.delete(LOCK);
        };
        return undefined;
      });
    },
    async names() {
      const keys = await within("list", "readonly", (table) => table.getAllKeys());
      return (keys as readonly string[]).filter((key) => key !== LOCK);
    },
    async read(key) {
      const bytes = (await within("read", "readonly", (table) => table.get(key))) as Uint8Array | undefined;
      if (bytes === undefined) throw fail("read", new Error(`it has no ${show(key)}`));
      return bytes;
    },
    write: (key, bytes) => change("write to", (table) => table.put(bytes, key)),
    remove: (key) => change("remove from", (table) => table.delete(key)),
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
