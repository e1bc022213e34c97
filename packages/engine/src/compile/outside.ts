import { ArgumentError, type Tensor } from "@gradus/core";
import { Storage } from "@gradus/core/internal";
import type { Operand, Step } from "./trace.ts";
import { isRefusal, type Tracer } from "./tracer.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** What a traced function has to do with tensors from outside, beside computing with them. */
export class Outside {
  /** Storages with this id or a larger one were made in the trace. */
  readonly #start = new Storage(new Float64Array(0)).id;
  /** The numbers that the function has read: they are constants of the trace. */
  readonly #read = new Map<Storage, { readonly numbers: Float64Array; readonly version: number }>();
  readonly #captured = new Set<Storage>();
  readonly #changed = new Set<Storage>();

  /**
   * Runs a function under a tracer.
   *
   * @throws ArgumentError for what a run of the trace could not do again. Tensors from outside then have their numbers from before:
   *   the caller may run the function op by op instead.
   */
  trace<T>(tracer: Tracer, args: readonly Operand[], run: () => T): T {
    try {
      return this.#trace(tracer, args, run);
    } catch (error) {
      if (isRefusal(error)) {
        for (const [storage, { numbers, version }] of this.#read) {
          storage.data.set(numbers);
          storage.version = version;
        }
      }
      throw error;
    }
  }

  #trace<T>(tracer: Tracer, args: readonly Operand[], run: () => T): T {
    const before = Storage.watch;
    Storage.watch = (storage) => this.#note(storage);
    let result: T;
    try {
      result = tracer.trace(run);
    } finally {
      Storage.watch = before;
    }
    for (const [storage, { numbers, version }] of this.#read) {
      if (storage.version === version && same(storage.data, numbers)) continue;
      throw new ArgumentError(
        `compile: the function writes to a tensor from outside, of ${storage.size} elements (by assign, or to its data): it would ` +
          "happen in the first call only. Write to it outside of the function, or change it by update()",
      );
    }
    this.#look(tracer.steps, new Set(args.map(({ storage }) => storage)));
    return result;
  }

  /** Whether a tensor was made in the trace, of numbers that are known. */
  made({ storage }: Pick<Tensor, "storage">): boolean {
    return storage.id >= this.#start && !(storage instanceof UnknownStorage);
  }

  /** Whether the numbers that the function has read are still the same. */
  unchanged(): boolean {
    if (this.#read.size === 0) return true;
    for (const [storage, { numbers }] of this.#read) if (!same(storage.data, numbers)) return false;
    return true;
  }

  /** @throws ArgumentError for an argument that the function also uses as a tensor from outside, if that makes a difference. */
  refuseOverlap(args: readonly Tensor[]): void {
    for (let i = 0; i < args.length; i++) {
      const { storage, tracked } = args[i];
      if (tracked && args.indexOf(args[i]) < i) {
        throw new ArgumentError(
          `compile: arguments ${args.indexOf(args[i]) + 1} and ${i + 1} are the same variable, whose gradients would not be ` +
            "added up; pass it once",
        );
      }
      if (!this.#captured.has(storage) || !(tracked || this.#changed.has(storage))) continue;
      throw new ArgumentError(
        `compile: argument ${i + 1} is also used inside the function, as a tensor from outside, and would be two tensors there; ` +
          "use the argument only",
      );
    }
  }

  #note(storage: Storage): void {
    if (storage.id >= this.#start || this.#read.has(storage)) return;
    const { version } = storage;
    this.#read.set(storage, { numbers: new Float64Array(0), version });
    this.#read.set(storage, { numbers: storage.data.slice(), version });
  }

  #look(steps: readonly Step[], args: ReadonlySet<Storage>): void {
    for (const { kind, spec, reads, writes } of steps) {
      for (const { storage } of reads) if (!(storage instanceof UnknownStorage)) this.#captured.add(storage);
      if (kind !== "update") continue;
      for (const { storage } of writes) {
        if (args.has(storage)) {
          throw new ArgumentError(
            `compile: the update ${spec.name} changes an argument of the function, and the change would be lost; use a tensor ` +
              "from outside",
          );
        }
        if (storage instanceof UnknownStorage) continue;
        if (storage.id >= this.#start) {
          throw new ArgumentError(
            `compile: the update ${spec.name} changes a tensor that the function makes itself; make it before the function is compiled`,
          );
        }
        this.#captured.add(storage);
        this.#changed.add(storage);
      }
    }
  }
}

function same(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
