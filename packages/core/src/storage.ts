import { checks } from "./checks.ts";
import { type Shape, sizeOf } from "./shape.ts";

/** Zeros for a tensor of this shape. `who` is the called function, for errors; "" inside an op, which adds its name and shapes itself. */
export function allocate(who: string, shape: Shape): Float64Array {
  return checks.allocate?.(who, shape) ?? new Float64Array(sizeOf(shape));
}

/** `structuredClone` drops private fields, so a clone would have no elements. It throws at a symbol and shows this text. */
const NOT_CLONED: symbol = Symbol("a tensor (send its data and its shape, or saveWeights(net) for a net)");

let made = 0;

/** The elements of a tensor, row-major, and a count of their changes. Tensors that share elements share this. */
export class Storage {
  /** Is called at each read of elements. `compile` (package engine) uses it to note what a function reads. @internal */
  static watch: ((storage: Storage) => void) | null = null;
  /** Grows with creation. */
  readonly id: number = made++;
  /** How often the elements were changed in place. */
  version = 0;
  /** Set by an engine (a package that computes ops faster) that keeps a copy of the elements: copies it back if it is newer. @internal */
  beforeRead: (() => void) | null = null;
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  readonly #data: Float64Array;
  readonly #size: number;

  constructor(data: Float64Array) {
    this.#data = data;
    this.#size = data.length;
  }

  get data(): Float64Array {
    Storage.watch?.(this);
    this.beforeRead?.();
    if (this.#data.length !== this.#size) checks.gone?.(); // the array was transferred to a worker
    return this.#data;
  }

  /** Number of elements. */
  get size(): number {
    return this.#size;
  }

  /** Why there are no elements yet: `compile` runs a function only to note its ops. Null here; the engine has a subclass. */
  get unknown(): string | null {
    return null;
  }
}
