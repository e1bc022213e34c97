/// <reference path="./seedrandom.d.ts" />

import seedrandom from "seedrandom/seedrandom.js";
import { checks } from "./checks.ts";
import { ArgumentError } from "./errors.ts";
import { cos, log, sin } from "./math/index.ts";
import { refuseOperators } from "./misuse.ts";
import { active } from "./op.ts";
import { check, noMore, resolveOptions } from "./options.ts";
import { builtIn, finite, instanceOf, interval, nonNegative, type Range } from "./ranges.ts";
import type { RngState } from "./rng-state.ts";
import { type Shape, show } from "./shape.ts";
import { allocate } from "./storage.ts";
import { Tensor } from "./tensor.ts";
import { fillUniform } from "./threefry.ts";

/** The seed of a random stream: any text or finite number, also `0` and `""`. */
export type Seed = number | string;

const UNIFORM = { low: 0, high: 1 };
const UNIFORM_RANGES = { low: finite, high: finite };
const NORMAL = { mean: 0, std: 1 };
const NORMAL_RANGES = { mean: finite, std: nonNegative };
const numbersToFill: Range = builtIn("Float64Array");
const NOT_CLONED: symbol = Symbol("a random stream (send its state() to restoreRng)");
const single = new Float64Array(1); // the buffer of next()

/**
 * A named stream of random numbers. Number n depends only on the name and n (a counter-based generator). Streams made by
 * {@link Rng.split} are independent of each other and of the position of their parent: a new stream for a new layer does
 * not change the numbers of other streams.
 *
 *     createRng("a")                 x₀  x₁  x₂  x₃ …     next() returns x[position] and adds 1 to position
 *       ├ .split("weights")          y₀  y₁ …             starts at position 0, for any position of its parent
 *       └ .split("dropout")          z₀  z₁ …
 *
 * The generator is Threefry-2x32 with 13 rounds (threefry.ts); seedrandom turns the name of the stream into its key.
 *
 * @example
 * const rng = createRng("experiment 1");
 * rng.normal([784, 128], { std: 0.05 });
 * rng.split("dropout").uniform([3]);
 */
export class Rng {
  static {
    refuseOperators(Rng.prototype, "a random stream", "rng.next() is a number, rng.uniform([2, 3]) a tensor");
  }
  /** `structuredClone` and `postMessage` refuse symbols, and show this text. @internal */
  readonly cloning: symbol = NOT_CLONED;
  #stream: string;
  #key0: number;
  #key1: number;
  #start: number;
  #position: number;

  /** Users call {@link createRng} or {@link restoreRng}. @internal */
  constructor(stream: string, position: number) {
    const key = seedrandom(stream);
    this.#stream = stream;
    this.#key0 = key.int32();
    this.#key1 = key.int32();
    this.#start = position;
    this.#position = position;
    active.hook?.draws?.made(this);
  }

  /** The next number, uniform in [0, 1), a multiple of 2⁻⁵³. */
  next(): number {
    this.fill(single);
    return single[0];
  }

  /**
   * Fills an array with the next numbers: those of {@link Rng.next}, several times as fast.
   *
   * @example rng.fill(new Float64Array(1000));
   */
  fill(data: Float64Array): void {
    check("rng.fill", "data", data, numbersToFill);
    active.hook?.draws?.number(UNREPEATABLE);
    const { key0, key1, position } = this.take(data.length);
    fillUniform(data, position, key0, key1);
  }

  /** Skips `count` numbers and returns the key and position to compute them from, for kernels. @internal */
  take(count: number): { readonly key0: number; readonly key1: number; readonly position: number } {
    const position = this.#position;
    this.#position += count;
    return { key0: this.#key0, key1: this.#key1, position };
  }

  /** Takes over the state of `other`. Compiled functions keep drawing from this object. @internal */
  become(other: Rng): void {
    this.#stream = other.#stream;
    this.#key0 = other.#key0;
    this.#key1 = other.#key1;
    this.#start = other.#start;
    this.#position = other.#position;
  }

  /** Returns to the position at which this object was made. @internal */
  rewind(): void {
    this.#position = this.#start;
  }

  /** The next whole number in [0, n). @throws ArgumentError unless 1 ≤ n ≤ 2³². */
  integer(n: number, ...extra: readonly undefined[]): number {
    noMore("rng.integer", "n", extra);
    checkCount("rng.integer", n, 1);
    return Math.floor(this.next() * n);
  }

  /** A tensor of independent numbers, uniform in [low, high). Default: [0, 1). */
  uniform(shape: Shape, options: Partial<typeof UNIFORM> = {}, ...extra: readonly undefined[]): Tensor {
    noMore("rng.uniform", "shape, options", extra);
    const { low, high } = resolveOptions<typeof UNIFORM>("rng.uniform", options, UNIFORM, UNIFORM_RANGES);
    check("rng.uniform", "low and high", [low, high], interval);
    return this.#fill("rng.uniform", shape, (data) => {
      this.fill(data);
      for (let i = 0; i < data.length; i++) data[i] = low + (high - low) * data[i];
    });
  }

  /**
   * A tensor of independent normal numbers, made in pairs (Box & Muller 1958): √(−2 ln u)·cos 2πv and the same with
   * sin, for u in (0, 1] and v in [0, 1). Default: mean 0, standard deviation 1.
   */
  normal(shape: Shape, options: Partial<typeof NORMAL> = {}, ...extra: readonly undefined[]): Tensor {
    noMore("rng.normal", "shape, options", extra);
    const { mean, std } = resolveOptions<typeof NORMAL>("rng.normal", options, NORMAL, NORMAL_RANGES);
    return this.#fill("rng.normal", shape, (data) => {
      this.fill(data);
      const unpaired = data.length % 2 === 1 ? this.next() : 0;
      for (let i = 0; i < data.length; i += 2) {
        const radius = std * Math.sqrt(-2 * log(1 - data[i]));
        const angle = 2 * Math.PI * (i + 1 < data.length ? data[i + 1] : unpaired);
        data[i] = mean + radius * cos(angle);
        if (i + 1 < data.length) data[i + 1] = mean + radius * sin(angle);
      }
    });
  }

  /** The numbers 0 … n−1 in random order (Fisher & Yates 1938, in Durstenfeld's form). @throws ArgumentError unless 0 ≤ n ≤ 2³². */
  permutation(n: number, ...extra: readonly undefined[]): Uint32Array {
    noMore("rng.permutation", "n", extra);
    checkCount("rng.permutation", n, 0);
    let order: Uint32Array;
    try {
      order = new Uint32Array(n);
    } catch {
      throw new ArgumentError(`rng.permutation: ${4 * n} bytes are more than this machine gives`);
    }
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /** The independent stream of this name: the same one for any position of this stream. */
  split(label: string | number, ...extra: readonly undefined[]): Rng {
    noMore("rng.split", "label", extra);
    if (typeof label !== "string" && typeof label !== "number") {
      throw new ArgumentError(`rng.split: a label is a string or number, got ${show(label)}`);
    }
    return new Rng(`${this.#stream}/${named(label)}`, 0);
  }

  /** The name and position of this stream, as plain data for {@link restoreRng}. */
  state(...extra: readonly undefined[]): RngState {
    noMore("rng.state", "", extra);
    return { version: 1, stream: this.#stream, position: this.#position };
  }

  /** The {@link Rng.state}, for `JSON.stringify`. */
  toJSON(): RngState {
    return this.state();
  }

  /** Takes over a {@link Rng.state}. @throws FormatError, changing nothing, for anything else. */
  restore(state: RngState, ...extra: readonly undefined[]): void {
    noMore("rng.restore", "state", extra);
    active.hook?.draws?.number(UNREPEATABLE);
    checks.checkState?.("rng.restore", state);
    this.become(new Rng(state.stream, state.position));
  }

  #fill(who: string, shape: Shape, draw: (data: Float64Array) => void): Tensor {
    const checked = checks.checkShape?.(shape, who) ?? shape;
    const draws = active.hook?.draws;
    if (draws) return new Tensor(draws.fill(who, checked, draw), checked);
    const out = new Tensor(allocate(who, checked), checked);
    draw(out.data);
    return out;
  }
}

function checkCount(who: string, n: number, least: number): void {
  if (!Number.isSafeInteger(n) || n < least || n > 4294967296)
    throw new ArgumentError(`${who}: n must be a whole number in [${least}, 2^32], got ${show(n)}`);
}

const UNREPEATABLE =
  "compile: a number drawn by next, fill, integer or permutation would be the same in every call of the compiled " +
  "function; draw tensors with rng.uniform(shape) or rng.normal(shape), or draw outside";

/**
 * Makes the random stream of a seed. The same seed always gives the same numbers.
 *
 * @throws ArgumentError for anything but a string or a finite number, and for a second argument.
 * @example
 * const rng = createRng(42);
 */
export function createRng(seed: Seed, ...more: readonly undefined[]): Rng {
  if (more.some((value) => value !== undefined)) {
    throw new ArgumentError(
      `createRng: takes one seed, got ${show([seed, ...more])}; for several streams: createRng(seed).split(label)`,
    );
  }
  if (typeof seed !== "string" && !(typeof seed === "number" && Number.isFinite(seed))) {
    throw new ArgumentError(`createRng: a seed is a string or a finite number, got ${show(seed)}`);
  }
  return new Rng(`${typeof seed}:${named(seed)}`, 0);
}

/** The range of an argument that takes a random stream. */
export const randomStream: Range = instanceOf(Rng, "must be a random stream from createRng(seed)");

/** Makes a random stream from a {@link Rng.state}. @throws FormatError for anything else. */
export function restoreRng(state: RngState, ...extra: readonly undefined[]): Rng {
  noMore("restoreRng", "state", extra);
  checks.checkState?.("restoreRng", state);
  return new Rng(state.stream, state.position);
}

/** A part of the name of a stream, with its length: so split("a/b") differs from split("a").split("b"). */
function named(part: string | number): string {
  return `${String(part).length}:${part}`;
}
