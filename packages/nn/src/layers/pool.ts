import { check, mean, noMore, type Range, ranges, resolveOptions, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { NOT_CLONED } from "../not-cloned.ts";
import { type Padding2d, paddingNumber, paddingPair, pairOf, positivePair } from "../ops/images.ts";
import {
  type AvgPool1dParams,
  type AvgPool2dParams,
  avgPool1d,
  avgPool2d,
  checkPadding,
  maxPool1d,
  maxPool2d,
  type Pool1dParams,
  type Pool2dParams,
} from "../ops/pool.ts";
import { upsample } from "../ops/upsample.ts";
import type { Padding, Pair } from "../ops/window.ts";
import type { HasWidths, Kept } from "../widths.ts";
import { textOf } from "./convolution.ts";

type Without<P> = Omit<P, "kernel">;

/** A layer that applies a pool, whose params are its kernel and its options. */
class PoolLayer<P extends { readonly kernel: number | Pair }> implements Layer, HasWidths<Kept> {
  declare readonly "~widths"?: Kept;
  readonly kernel: P["kernel"];
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  /** The params of the op. */
  readonly params: Readonly<P>;
  readonly #name: string;
  readonly #op: (x: Tensor, params: P) => Tensor;

  constructor(
    name: string,
    op: (x: Tensor, params: P) => Tensor,
    kernel: P["kernel"],
    options: object,
    sizes: Range,
    allowed: Readonly<Record<string, Range>>,
  ) {
    check(name, "the size of the kernel", kernel, sizes);
    const resolved = resolveOptions<Record<string, unknown>>(name, options, {}, allowed);
    const { padding = 0 } = resolved as { padding?: Padding2d };
    for (const axis of [0, 1] as const) {
      checkPadding(pairOf<Padding>(padding)[axis], pairOf(kernel)[axis], `${name}: `);
    }
    this.#name = name;
    this.#op = op;
    this.kernel = kernel;
    // Frozen: options that are not given have no key, and a key that comes later would not be noticed by `fit`.
    this.params = Object.freeze({ kernel, ...resolved }) as unknown as P;
    checks.fixFields?.(this, "kernel");
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    return this.#op(x, this.params);
  }

  toString(): string {
    const { kernel, ...options } = this.params;
    const texts = Object.entries(options).map(([option, value]) => `${option}=${textOf(value)}`);
    return `${this.#name}(${[textOf(kernel), ...texts].join(", ")})`;
  }
}

const images: Readonly<Record<string, Range>> = {
  stride: /* @__PURE__ */ ranges.optional(positivePair),
  padding: /* @__PURE__ */ ranges.optional(paddingPair),
};
const sequences: Readonly<Record<string, Range>> = {
  stride: /* @__PURE__ */ ranges.optional(ranges.positiveCount),
  padding: /* @__PURE__ */ ranges.optional(paddingNumber),
};
const average: Readonly<Record<string, Range>> = {
  countIncludePad: /* @__PURE__ */ ranges.optional(ranges.flag),
};

/**
 * The largest pixel under a kernel that moves over the image, for each channel; the op `maxPool2d`.
 *
 * Training and evaluation are the same.
 * Shapes: [N, height, width, c] → [N, h, w, c] with h = ⌊(height + 2·padding − kernel)/stride⌋ + 1.
 *
 * @param kernel size of the kernel, ≥ 1: a number for both axes or a pair [height, width].
 * @param options `stride`: default the size of the kernel, as in PyTorch and Keras; `padding`: default 0.
 * @example new MaxPool2d(2).forward(images); // [32, 28, 28, 8] → [32, 14, 14, 8]
 */
export class MaxPool2d extends PoolLayer<Pool2dParams> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => MaxPool2d);
  constructor(kernel: number | Pair, options: Without<Pool2dParams> = {}, ...extra: readonly undefined[]) {
    noMore("MaxPool2d", "kernel, options", extra);
    super("MaxPool2d", maxPool2d, kernel, options, positivePair, images);
  }
}

/**
 * {@link MaxPool2d} of sequences.  Shapes: [N, time, c] → [N, positions, c].
 *
 * @param kernel size of the kernel, ≥ 1.
 * @param options as for {@link MaxPool2d}, in numbers.
 * @example new MaxPool1d(2).forward(series); // [32, 100, 8] → [32, 50, 8]
 */
export class MaxPool1d extends PoolLayer<Pool1dParams> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => MaxPool1d);
  constructor(kernel: number, options: Without<Pool1dParams> = {}, ...extra: readonly undefined[]) {
    noMore("MaxPool1d", "kernel, options", extra);
    super("MaxPool1d", maxPool1d, kernel, options, ranges.positiveCount, sequences);
  }
}

/**
 * The mean of the pixels under a kernel that moves over the image, for each channel; the op `avgPool2d`.
 *
 * Training and evaluation are the same.  Shapes: as {@link MaxPool2d}.
 *
 * @param kernel as for {@link MaxPool2d}.
 * @param options as for {@link MaxPool2d}; `countIncludePad`: whether padding counts as zeros. Default true, PyTorch's;
 *   Keras leaves padding out of averages.
 * @example new AvgPool2d(2).forward(images); // [32, 28, 28, 8] → [32, 14, 14, 8]
 */
export class AvgPool2d extends PoolLayer<AvgPool2dParams> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => AvgPool2d);
  constructor(kernel: number | Pair, options: Without<AvgPool2dParams> = {}, ...extra: readonly undefined[]) {
    noMore("AvgPool2d", "kernel, options", extra);
    super("AvgPool2d", avgPool2d, kernel, options, positivePair, { ...images, ...average });
  }
}

/**
 * {@link AvgPool2d} of sequences.  Shapes: [N, time, c] → [N, positions, c].
 *
 * @param kernel size of the kernel, ≥ 1.
 * @param options as for {@link AvgPool2d}, in numbers.
 * @example new AvgPool1d(2).forward(series); // [32, 100, 8] → [32, 50, 8]
 */
export class AvgPool1d extends PoolLayer<AvgPool1dParams> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => AvgPool1d);
  constructor(kernel: number, options: Without<AvgPool1dParams> = {}, ...extra: readonly undefined[]) {
    noMore("AvgPool1d", "kernel, options", extra);
    super("AvgPool1d", avgPool1d, kernel, options, ranges.positiveCount, { ...sequences, ...average });
  }
}

/**
 * The mean over all positions, for each channel: one number a channel, whatever the size of the image or sequence.
 *
 * Training and evaluation are the same.  Shapes: [N, height, width, c] or [N, time, c] → [N, c].
 * Lin, Chen & Yan 2014, Network In Network, §3.2.
 *
 * @example new Sequential(new Conv2d(1, 8, 5, { rng }), new GlobalAveragePool(), new Dense(8, 10, { rng }));
 */
export class GlobalAveragePool implements Layer, HasWidths<Kept> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => GlobalAveragePool);
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  declare readonly "~widths"?: Kept;
  constructor(...extra: readonly never[]) {
    noMore("GlobalAveragePool", "", extra);
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    checks.input?.(this, x.rank >= 3, x.shape, "[N, height, width, c] or [N, time, c]");
    return mean(x, { axes: x.shape.slice(1, -1).map((_, i) => i + 1) });
  }

  toString(): string {
    return "GlobalAveragePool()";
  }
}

/**
 * Makes images larger by repeating each pixel (nearest neighbour); the op `upsample`.
 *
 * Training and evaluation are the same.  Shapes: [N, height, width, c] → [N, height·factor, width·factor, c].
 *
 * @param factor how often each pixel is repeated, ≥ 1: a number for both axes or a pair [height, width].
 * @example new Upsample(2).forward(images); // [32, 7, 7, 16] → [32, 14, 14, 16]
 */
export class Upsample implements Layer, HasWidths<Kept> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Upsample);
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  declare readonly "~widths"?: Kept;
  readonly factor: number | Pair;

  constructor(factor: number | Pair, ...extra: readonly never[]) {
    noMore("Upsample", "factor", extra);
    check("Upsample", "factor", factor, positivePair);
    this.factor = factor;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    return upsample(x, { factor: this.factor });
  }

  toString(): string {
    return `Upsample(${textOf(this.factor)})`;
  }
}
