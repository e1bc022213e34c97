/** `structuredClone` and `postMessage` refuse symbols, and show this text; they would leave out the elements without a word. */
const NOT_CLONED: symbol = Symbol("a tensor (send its data and its shape, or saveWeights(net) for a net)");

/** The elements of a tensor, row-major, and a count of their changes. Tensors that share elements share this. */
export class Storage {
  /** How often the elements were changed in place. */
  version = 0;
  /** Set by an engine that keeps a copy of the elements: copies it back if it is newer. @internal */
  beforeRead: (() => void) | null = null;
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  readonly #data: Float64Array;

  constructor(data: Float64Array) {
    this.#data = data;
  }

  get data(): Float64Array {
    this.beforeRead?.();
    return this.#data;
  }

  /** Number of elements. */
  get size(): number {
    return this.#data.length;
  }

  /** The reason why there are no elements yet: a function is being traced. Null here; an engine has a subclass. */
  get unknown(): string | null {
    return null;
  }
}
