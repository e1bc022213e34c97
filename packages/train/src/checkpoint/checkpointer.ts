import { ArgumentError, check, FormatError, ranges, resolveOptions } from "@gradus/core";
import { now, warn } from "@gradus/core/internal";
import { type FileBytes, readSafetensors } from "@gradus/io";
import { checkedLater } from "../checks.ts";
import type { Stateful } from "../state.ts";
import { type Wait, waiter } from "../wait.ts";
import { isStateful, loadCheckpoint, type Parts, saveCheckpoint } from "./checkpoint.ts";
import { folderStore } from "./folder.ts";
import { isRecord } from "./plain-data.ts";
import { type CheckpointStore, StorageError } from "./store.ts";

/** Options of the checkpoints that `fit` saves. */
export interface CheckpointOptions {
  /** The folder for the files, in Node, Bun and Deno; it is created if it does not exist. */
  readonly dir?: string;
  /** A store to use instead of `dir`: `indexedDbStore(name)` in a browser, or one of your own. */
  readonly store?: CheckpointStore;
  /**
   * How often to save: every so many epochs, steps or seconds; several conditions can be given, and each one saves.
   * Default `{ epochs: 1 }`. `fit` also saves when training ends or is aborted.
   */
  readonly every?: { readonly epochs?: number; readonly steps?: number; readonly seconds?: number };
  /** The number of newest checkpoints to keep. Default 2. */
  readonly keep?: number;
  /** Further parts to save and restore, by names of your own: a `Plateau`, a random stream. Default: none. */
  readonly also?: Readonly<Record<string, Stateful>>;
}

type Every = NonNullable<CheckpointOptions["every"]>;
type Resolved = CheckpointOptions & typeof defaults;

/** The methods that every store has. */
const METHODS = ["open", "names", "read", "write", "remove"] as const;

const allowed = {
  dir: checkedLater,
  store: ranges.optional({
    says: "must be a store such as indexedDbStore(name)",
    admits: (value: unknown) => METHODS.every((name) => typeof Object(value)[name] === "function"),
    hint: (value: unknown) => {
      const absent = METHODS.filter((name) => typeof Object(value)[name] !== "function");
      return absent.length < METHODS.length ? `it has no ${absent.join(", ")}` : undefined;
    },
  }),
  every: checkedLater,
  keep: ranges.positiveCount,
  also: {
    says: "must be an object of parts that have state() and restore(state), such as { plateau }",
    admits: (value: unknown) => isRecord(value) && Object.values(value).every(isStateful),
  },
};

const defaults = { every: { epochs: 1 }, keep: 2, also: {} };

const allowedEvery = {
  epochs: ranges.optional(ranges.positiveCount),
  steps: ranges.optional(ranges.positiveCount),
  seconds: ranges.optional(ranges.positive),
};

/** The stores of all trainings that run here. */
const inUse = new WeakSet<CheckpointStore>();

/** Saves checkpoints when they are due, and finds the newest one. @internal */
export class Checkpointer {
  /** Further parts of a checkpoint; the prefix `also ` keeps their names apart from those of `fit`. */
  readonly also: Readonly<Record<string, Stateful>>;
  readonly #store: CheckpointStore;
  readonly #every: Every;
  readonly #keep: number;
  #savedAt = now();
  /** The store itself, and the promise of its `open` while a training uses it. */
  readonly #owned: CheckpointStore;
  readonly #wait: Wait;
  #opened: Promise<void> | undefined;
  #warned = false;
  /** The step of the newest checkpoint. */
  #step = 0;

  /**
   * @param wait how to wait for the store. Default: for ever.
   * @throws ArgumentError for options out of range.
   */
  constructor(options: CheckpointOptions, wait: Wait = waiter(undefined)) {
    const who = "fit: checkpoint";
    const { dir, store, every, keep, also } = resolveOptions<Resolved>(who, options, defaults, allowed);
    if ((dir === undefined) === (store === undefined)) {
      throw new ArgumentError("fit: checkpoint needs dir, a folder, or a store, and not both");
    }
    this.#every = resolveOptions<Every>(`${who}.every`, every, {}, allowedEvery);
    this.also = Object.fromEntries(Object.entries(also).map(([name, part]) => [`also ${name}`, part]));
    this.#owned = store ?? folderStore(dir as string);
    this.#store = awaited(this.#owned, wait);
    this.#wait = wait;
    this.#keep = keep;
  }

  /**
   * Restores the parts from the newest checkpoint, if there is one.
   *
   * @param resume whether to resume; if false, a checkpoint that exists is an error. `"whole"`: damaged ones are set aside.
   * @returns whether the parts were restored.
   */
  async begin(parts: Parts, resume: boolean | "whole"): Promise<boolean> {
    const { place } = this.#store;
    if (inUse.has(this.#owned)) {
      throw new StorageError(`checkpoint: another training saves to ${place} with this store`);
    }
    inUse.add(this.#owned);
    this.#opened = (async () => this.#owned.open())();
    await this.#wait(this.#opened);
    const names = await this.#names();
    if (names.length > 0 && !resume) {
      throw new ArgumentError(
        `fit: ${place} has checkpoints of an earlier training; pass resume: true to continue it, or choose another place`,
      );
    }
    const { damaged, whole } = await this.#newestWhole(names);
    if (damaged.length > 0 && (resume !== "whole" || whole === undefined)) {
      const [{ name, error }] = damaged;
      const older =
        whole === undefined ? "no older one is whole" : `resume: "whole" goes on from ${whole.name}`;
      throw new FormatError(`${name} in ${place}: ${error.message}; ${older}`, { cause: error });
    }
    if (whole === undefined) return false;
    this.#step = stepOf(whole.name);
    try {
      loadCheckpoint(parts, whole.bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(`${whole.name} in ${place}: ${error.message}`, { cause: error });
    }
    for (const { name, bytes, error } of damaged) {
      warn(
        `fit: ${name} in ${place} is set aside as broken-${name}, and training goes on from ${whole.name}: ${error.message}`,
      );
      await this.#store.write(`broken-${name}`, bytes);
      await this.#store.remove(name);
    }
    return true;
  }

  /** The newest checkpoint whose file is whole, and the newer ones. @param names newest first. */
  async #newestWhole(names: readonly string[]): Promise<{ damaged: Damaged[]; whole?: Saved }> {
    const damaged: Damaged[] = [];
    for (const name of names) {
      const bytes = (await this.#store.read(name)) as FileBytes;
      try {
        readSafetensors(bytes);
        return { damaged, whole: { name, bytes } };
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        damaged.push({ name, bytes, error });
      }
    }
    return { damaged };
  }

  /** Gives the store up, so that another training may use it. Everything is saved: if this fails, it is a warning. */
  async end(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#opened = undefined;
    inUse.delete(this.#owned);
    const close = async (): Promise<void> => this.#owned.close?.();
    try {
      await this.#wait(opened.then(close, close)); // also if nobody waited any longer for `open`
    } catch (error) {
      warn(
        `fit: ${this.#store.place} could not be closed: ${(error as Error).message ?? "it takes too long"}`,
      );
    }
  }

  /** Whether to save after this step. */
  dueAfterStep(step: number): boolean {
    const { steps, seconds = Number.POSITIVE_INFINITY } = this.#every;
    return (steps !== undefined && step % steps === 0) || now() - this.#savedAt >= 1000 * seconds;
  }

  /** Whether to save after this epoch. */
  dueAfterEpoch(epoch: number): boolean {
    const { epochs } = this.#every;
    return epochs !== undefined && epoch % epochs === 0;
  }

  /**
   * Saves, and removes all but the newest `keep`.
   *
   * @throws StorageError or ArgumentError; the last checkpoint is still there then.
   */
  async save(parts: Parts, step: number): Promise<void> {
    check("fit: checkpoint", "the optimizer's stepCount", step, ranges.count);
    if (step < this.#step) {
      throw new ArgumentError(
        `fit: checkpoint: the optimizer's stepCount went back from ${this.#step} to ${step}; the newest checkpoint is the one ` +
          "with the greatest",
      );
    }
    this.#step = step;
    await this.#store.write(nameOf(step), saveCheckpoint(parts));
    this.#savedAt = now();
    try {
      for (const name of (await this.#names()).slice(this.#keep)) await this.#store.remove(name);
    } catch (error) {
      // The save has succeeded: training goes on.
      if (!this.#warned) warn(`fit: old checkpoints could not be removed: ${(error as Error).message}`);
      this.#warned = true;
    }
  }

  /** The names of our checkpoints, newest first. */
  async #names(): Promise<string[]> {
    const names = await this.#store.names();
    return names.filter((name) => /^step-\d{10,}$/.test(name)).sort((a, b) => stepOf(b) - stepOf(a));
  }
}

/** A store that is waited for with `wait`. */
function awaited(store: CheckpointStore, wait: Wait): CheckpointStore {
  return {
    place: store.place,
    open: () => wait(store.open()),
    names: () => wait(store.names()),
    read: (name) => wait(store.read(name)),
    write: (name, bytes) => wait(store.write(name, bytes)),
    remove: (name) => wait(store.remove(name)),
  };
}

interface Saved {
  readonly name: string;
  readonly bytes: FileBytes;
}

interface Damaged extends Saved {
  readonly error: FormatError;
}

const nameOf = (step: number): string => `step-${String(step).padStart(10, "0")}`;
const stepOf = (name: string): number => Number(name.slice("step-".length));
