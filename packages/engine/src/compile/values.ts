import { ArgumentError } from "@gradus/core";
import type { Storage } from "@gradus/core/internal";
import { hasSameNumbers } from "../wasm/lower.ts";
import { type Operand, readsOf, type Step } from "./tape.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** Something a plan keeps numbers of: a buffer of its own, or a tensor from outside. */
export interface Value {
  readonly size: number;
  /** The tensor from outside; null for a buffer, which only the plan knows. */
  readonly captured: Storage | null;
  /** The step that writes a buffer; -1 for an argument of the compiled function. */
  readonly first: number;
  /** The last step that needs it. */
  last: number;
}

/** All values of a list of steps, and which one each storage stands for. */
export class Values {
  readonly all: Value[] = [];
  readonly #byStorage = new Map<Storage, Value>();
  readonly #views = new Set<Step>();

  constructor(steps: readonly Step[], args: readonly Storage[], results: readonly Storage[]) {
    const changed = new Set(
      steps.flatMap((step) => (step.kind === "update" ? step.writes : [])).map(({ storage }) => storage),
    );
    for (const storage of args) this.#add(storage, -1);
    steps.forEach((step, i) => {
      for (const operand of readsOf(step)) this.#of(operand.storage).last = i;
      if (step.kind === "update") for (const { storage } of step.writes) this.#of(storage).last = i;
      else if (isView(step, changed)) {
        this.#views.add(step);
        this.#byStorage.set(step.out.storage, this.#of(step.inputs[0].storage));
      } else this.#add(step.out.storage, i);
    });
    for (const storage of results) this.#of(storage).last = Number.POSITIVE_INFINITY;
  }

  /** The value of an operand. */
  of({ storage }: Pick<Operand, "storage">): Value {
    return this.#byStorage.get(storage) as Value;
  }

  /** Whether a step needs no work, as its result is its input under another shape. */
  isView(step: Step): boolean {
    return this.#views.has(step);
  }

  #of(storage: Storage): Value {
    const known = this.#byStorage.get(storage);
    if (known) return known;
    if (storage instanceof UnknownStorage) {
      throw new ArgumentError(
        "compile: the function uses a tensor that was computed while another function, or an earlier call, was recorded",
      );
    }
    return this.#add(storage, -1, storage);
  }

  #add(storage: Storage, first: number, captured: Storage | null = null): Value {
    const value = { size: storage.size, captured, first, last: first };
    this.#byStorage.set(storage, value);
    this.all.push(value);
    return value;
  }
}

/** The same numbers under another shape need no copy, unless the numbers are changed in place at some time. */
function isView(step: Step, changed: ReadonlySet<Storage>): step is Extract<Step, { kind: "op" }> {
  return (
    step.kind === "op" &&
    step.spec.kernel?.layout === "sameNumbers" &&
    hasSameNumbers(
      step.inputs.map(({ shape }) => shape),
      step.out.shape,
    ) &&
    !changed.has(step.inputs[0].storage)
  );
}
