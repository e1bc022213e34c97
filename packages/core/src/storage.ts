import { ArgumentError, ShapeError } from "./errors.ts";
import { type Shape, show, sizeOf } from "./shape.ts";

/** The most axes of a tensor, as in NumPy. */
export const MOST_AXES = 64;

/**
 * Zeros for a tensor of this shape. `who` is the called function; "" inside an op, which adds its name and shapes.
 *
 * @throws ShapeError for more than 64 axes, or more elements than there is memory for.
 */
export function allocate(who: string, shape: Shape): Float64Array {
  const lead = who && `${who}: `;
  if (shape.length > MOST_AXES) throw new ShapeError(`${lead}a tensor has at most ${MOST_AXES} axes`);
  const size = sizeOf(shape);
  try {
    return new Float64Array(size);
  } catch {
    throw new ShapeError(`${lead}shape ${show(shape)} takes ${8 * size} bytes: more than this machine gives`);
  }
}

/** `structuredClone` and `postMessage` refuse symbols, and show this text; they would leave out the elements without a word. */
const NOT_CLONED: symbol = Symbol("a tensor (send its data and its shape, or saveWeights(net) for a net)");

const GONE =
  "the numbers of a tensor are gone: the buffer of x.data was transferred (postMessage) or made smaller; transfer x.data.slice().buffer";

let made = 0;
let watch: ((storage: Storage) => void) | null = null;

/** Runs a function and reports each read of elements. `compile` asks what a function reads while it is traced. */
export function watchReads<T>(report: (storage: Storage) => void, run: () => T): T {
  const before = watch;
  watch = report;
  try {
    return run();
  } finally {
    watch = before;
  }
}

/** The elements of a tensor, row-major, and a count of their changes. Tensors that share elements share this. */
export class Storage {
  /** Grows with creation. */
  readonly id: number = made++;
  /** How often the elements were changed in place. */
  version = 0;
  /** Set by an engine that keeps a copy of the elements: copies it back if it is newer. @internal */
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
    watch?.(this);
    this.beforeRead?.();
    if (this.#data.length !== this.#size) throw new ArgumentError(GONE);
    return this.#data;
  }

  /** Number of elements. */
  get size(): number {
    return this.#size;
  }

  /** The reason why there are no elements yet: a function is being traced. Null here; an engine has a subclass. */
  get unknown(): string | null {
    return null;
  }
}
