import {
  add,
  check,
  math,
  noMore,
  type Parameter,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
  ShapeError,
  slice,
  Tensor,
} from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { type Initializer, initialize, initializerRange } from "../initialize.ts";
import { normal } from "../initializers.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { NOT_CLONED } from "../not-cloned.ts";

/**
 * Adds a fixed code of its position to each element of a sequence, since attention does not know their order: sines and cosines
 * of wavelengths from 2π to 10000·2π.
 *
 *     code[t, 2i] = sin(t / 10000^(2i/size)),   code[t, 2i + 1] = cos(t / 10000^(2i/size))
 *
 * Training and evaluation are the same.
 * Shapes: x [..., time, size], unchanged.
 * Vaswani et al. 2017, Attention Is All You Need, §3.5. An error of at most 10⁻¹⁵·(1 + t) comes from rounding the wavelengths.
 *
 * @param size number of features, ≥ 1.
 * @example new Sequential(new Embedding(65, 64, { rng }), new SinusoidalPositions(64)).forward(zeros([16, 32])); // [16, 32, 64]
 */
export class SinusoidalPositions implements Layer {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => SinusoidalPositions);
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  readonly size: number;
  /** The code of the last length. */
  #code = new Tensor(new Float64Array(0), [0, 0]);

  constructor(size: number, ...extra: readonly undefined[]) {
    noMore("SinusoidalPositions", "size", extra);
    check("SinusoidalPositions", "size", size, ranges.positiveCount);
    this.size = size;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    checks.input?.(this, x.rank >= 2 && x.shape.at(-1) === this.size, x.shape, `[..., time, ${this.size}]`);
    const time = x.shape[x.rank - 2];
    if (this.#code.shape[0] !== time) this.#code = sinusoids(time, this.size);
    return add(x, this.#code);
  }

  toString(): string {
    return `SinusoidalPositions(${this.size})`;
  }
}

function sinusoids(time: number, size: number): Tensor {
  const code = new Float64Array(time * size);
  for (let j = 0; j < size; j++) {
    const wavelength = math.pow(10000, (j - (j % 2)) / size);
    const wave = j % 2 === 0 ? math.sin : math.cos;
    for (let t = 0; t < time; t++) code[t * size + j] = wave(t / wavelength);
  }
  return new Tensor(code, [time, size]);
}

/** Options of {@link LearnedPositions}. */
export interface LearnedPositionsOptions {
  /** The random stream for the initial vectors. */
  readonly rng: Rng;
  /** Initial vectors. Default N(0, 0.02²), as in GPT (Radford et al. 2018, §4.1). */
  readonly init?: Initializer;
}

/**
 * Adds a learned vector of its position to each element of a sequence, since attention does not know their order.
 *
 * Training and evaluation are the same.
 * Shapes: x [..., time, size] with time ≤ length, weight [length, size] → [..., time, size].
 *
 * @param length the greatest length of a sequence, ≥ 1.
 * @param size number of features, ≥ 1.
 * @param options see {@link LearnedPositionsOptions}; `rng` is required.
 * @throws ArgumentError for bad sizes and options; `forward` throws ShapeError for longer sequences.
 * @example new LearnedPositions(32, 64, { rng }).forward(zeros([16, 20, 64])); // [16, 20, 64]
 */
export class LearnedPositions implements Layer {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => LearnedPositions);
  readonly weight: Parameter;

  constructor(
    length: number,
    size: number,
    options: LearnedPositionsOptions,
    ...extra: readonly undefined[]
  ) {
    noMore("LearnedPositions", "length, size, options", extra);
    check("LearnedPositions", "length", length, ranges.positiveCount);
    check("LearnedPositions", "size", size, ranges.positiveCount);
    const who = `LearnedPositions(${length}, ${size})`;
    const { rng, init } = resolveOptions<Required<LearnedPositionsOptions>>(
      who,
      options ?? {},
      { init: normal({ mean: 0, std: 0.02 }) },
      { rng: randomStream, init: initializerRange },
    );
    this.weight = initialize(who, init, [length, size], rng);
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const [length, size] = this.weight.shape;
    checks.input?.(this, x.rank >= 2 && x.shape.at(-1) === size, x.shape, `[..., time, ${size}]`);
    const time = x.shape[x.rank - 2];
    if (time > length) {
      throw new ShapeError(
        `${this}: there are ${length} positions, but the sequence has ${time}: shorten it, or make new LearnedPositions(${time}, ${size}, …)`,
      );
    }
    return add(x, time === length ? this.weight : slice(this.weight, { axis: 0, end: time }));
  }

  toString(): string {
    return `LearnedPositions(${this.weight.shape.join(", ")})`;
  }
}
