/** The elements of a tensor, row-major, and a count of their changes. Tensors that share elements share this. */
export class Storage {
  /** How often the elements were changed in place. */
  version = 0;
  /** Is called before the elements are read, by whoever keeps a copy that may be newer. @internal */
  beforeRead: (() => void) | null = null;
  readonly #data: Float64Array;

  constructor(data: Float64Array) {
    this.#data = data;
  }

  get data(): Float64Array {
    this.beforeRead?.();
    return this.#data;
  }

  /** How many elements there are. */
  get size(): number {
    return this.#data.length;
  }

  /** Why the elements cannot be read yet, in a word or two; null if they can. */
  get unknown(): string | null {
    return null;
  }
}
