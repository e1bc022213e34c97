import { ArgumentError } from "./errors.ts";
import { formatShape, type Shape } from "./shape.ts";

/**
 * The elements of a tensor, row-major, and a count of their changes. Tensors that share elements share this.
 *
 * The elements may have a second home, a block of the kernels' memory, where compiled steps read and change them without
 * copying. Whoever asks for the array gets it brought up to date first, so that nobody sees which of the two is newer.
 */
export class Storage {
  /** How many elements there are. */
  readonly size: number;
  /** How often they were changed in place. */
  version = 0;
  readonly #array: Float64Array;
  #home: Float64Array | null = null;
  /** The version that `#home` holds. */
  #homeVersion = -1;
  /** Whether `#home` is newer than `#array`. */
  #stale = false;

  constructor(array: Float64Array, size: number = array.length) {
    this.#array = array;
    this.size = size;
  }

  /** The elements. */
  read(): Float64Array {
    if (this.#stale) this.#fetch();
    return this.#array;
  }

  /** The block where kernels find the elements, if there is one. */
  get home(): Float64Array | null {
    return this.#home;
  }

  /** Gives the elements a home. */
  moveTo(home: Float64Array): void {
    this.read();
    this.#home = home;
    this.#homeVersion = -1;
  }

  /** Copies the elements home if they were changed elsewhere. */
  bringHome(): void {
    if (this.#home === null || this.#homeVersion === this.version) return;
    this.#home.set(this.read());
    this.#homeVersion = this.version;
  }

  /** Counts a change that was made at home. */
  changedAtHome(): void {
    this.version++;
    this.#homeVersion = this.version;
    this.#stale = true;
  }

  #fetch(): void {
    this.#stale = false;
    this.#array.set(this.#home as Float64Array);
  }
}

/** Elements that are not known yet: those of a tensor inside a function that `compile` is recording. */
export class UnknownStorage extends Storage {
  readonly #shape: Shape;

  constructor(shape: Shape, size: number) {
    super(new Float64Array(0), size);
    this.#shape = shape;
  }

  override read(): Float64Array {
    throw new ArgumentError(
      `compile: the numbers of this tensor of shape ${formatShape(this.#shape)} are not known yet, because the function is being ` +
        "recorded. Return the tensor and look at the result; to decide by its numbers, use where(condition, x, y)",
    );
  }
}
