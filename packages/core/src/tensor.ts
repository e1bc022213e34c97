import { checks } from "./checks.ts";
import { ShapeError } from "./errors.ts";
import type { TypedArray } from "./numbers.ts";
import type { AnySpec } from "./op.ts";
import { formatShape, type Shape } from "./shape.ts";
import { Storage } from "./storage.ts";

/** How a tensor was computed: by which op, from which inputs. The tensors and their records are the graph that `backward` walks. */
export interface OpRecord {
  /** Grows with creation, so descending ids visit every result before what it was computed from. */
  readonly id: number;
  /** The declaration of the op: its shape rule, loop and gradient rules (op.ts). */
  readonly op: AnySpec;
  readonly inputs: readonly Tensor[];
  /** `storage.version` of each input when the op ran. */
  readonly versions: readonly number[];
  /** The arguments that are not tensors, such as `{ axes: 1 }` of `sum`. */
  readonly params: unknown;
}

/**
 * An n-dimensional array of float64 numbers, row-major and contiguous, that may remember how it was computed.
 *
 * Ops never change their inputs; only {@link Tensor.assign} and optimizers change a tensor in place. Make one with {@link tensor}.
 * Importing @gradus/core gives tensors each op as a method: `x.matmul(w).add(b)` (fluent.ts).
 *
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * [x.shape, sum(x).item()]; // [[2, 3], 21]
 */
export class Tensor {
  readonly #shape: Shape;
  readonly #record: OpRecord | null;
  readonly #tracked: boolean;
  /** The elements. `x.detach()` and `variable(x)` share the storage of x. The first public field, so that cloning a tensor fails with its text. @internal */
  readonly storage: Storage;

  /** Wraps `data` without copying or checking it. Users call {@link tensor} instead. @internal */
  constructor(
    data: Float64Array | Storage,
    shape: Shape,
    options: { record?: OpRecord | null; tracked?: boolean } = {},
  ) {
    this.storage = data instanceof Storage ? data : new Storage(data);
    this.#shape = Object.freeze(shape);
    this.#record = options.record ?? null;
    this.#tracked = options.tracked ?? this.#record !== null;
  }

  /** The size along each axis; `[]` for a scalar. */
  get shape(): Shape {
    return this.#shape;
  }

  /** How this tensor was computed, if that was recorded. */
  get record(): OpRecord | null {
    return this.#record;
  }

  /** Whether gradients flow through it: parameters, `variable(x)`, and everything computed from them (PyTorch: requires_grad). */
  get tracked(): boolean {
    return this.#tracked;
  }

  /** The elements, row-major. Read them freely; to write, use {@link Tensor.assign}. */
  get data(): Float64Array {
    return this.storage.data;
  }

  /** Number of elements. */
  get size(): number {
    return this.storage.size;
  }

  /** Number of axes; 0 for a scalar. */
  get rank(): number {
    return this.shape.length;
  }

  /** The one number of a tensor with one element. @throws ShapeError if it has more or none. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item(${formatShape(this.shape)}): only a tensor of one element has an item`);
    return this.data[0];
  }

  /** The same numbers (shared, not copied) as a constant: no gradient flows through the result. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape);
  }

  /**
   * Overwrites all elements in place. A gradient rule that still needs the old values will throw.
   *
   * @throws ShapeError if the number of values is not the number of elements.
   */
  assign(values: Tensor | TypedArray | readonly number[]): this {
    checks.assign?.(this, values);
    this.data.set(values instanceof Tensor ? values.data : values);
    this.storage.version++;
    return this;
  }

  /** Counts a change of `data` that was made directly, as by optimizers. */
  markChanged(): void {
    this.storage.version++;
  }
}
