import { noMore, permute, type Range, ranges, reshape, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { type Conv2dParams, type ConvTranspose2dParams, conv2d, convTranspose2d } from "../ops/conv.ts";
import { type Conv1dParams, conv1d } from "../ops/conv1d.ts";
import { countPair, paddingNumber, paddingPair, positivePair } from "../ops/images.ts";
import { ConvolutionLayer, type KernelSize } from "./convolution.ts";
import type { WeightOptions } from "./weighted.ts";

/** Options of {@link Conv1d}: those of `Dense`, and the params of the op `conv1d`. */
export interface Conv1dOptions extends WeightOptions, Conv1dParams {}

/** Options of {@link Conv2d}: those of `Dense`, and the params of the op `conv2d`. */
export interface Conv2dOptions extends WeightOptions, Conv2dParams {}

/** Options of {@link ConvTranspose2d}: those of `Dense`, and the params of the op `convTranspose2d`. */
export interface ConvTranspose2dOptions extends WeightOptions, ConvTranspose2dParams {}

// Each constructor makes its kind: a constant of the module would keep the ops of all three in every bundle.
function imageRanges(): { readonly [K in keyof Required<Conv2dParams>]: Range } {
  return { stride: positivePair, padding: paddingPair, dilation: positivePair, groups: ranges.positiveCount };
}

/**
 * Convolution of images, y = conv2d(x, W) + b: the same weights at every position of the image.
 *
 * Training and evaluation are the same.
 * Shapes: x [N, height, width, in], weight [kh, kw, in/groups, out], bias [out] → [N, h, w, out] with
 * h = ⌊(height + 2·padding − dilation·(kh − 1) − 1)/stride⌋ + 1, and with padding "same" h = ⌈height/stride⌉.
 * LeCun et al. 1998, Gradient-Based Learning Applied to Document Recognition, §II.A.
 *
 * @param inputChannels number of input channels, ≥ 1: the last axis.
 * @param outputChannels number of output channels, ≥ 1.
 * @param kernel size of the kernel, ≥ 1: a number for both axes or a pair [height, width].
 * @param options `rng` is required; `stride` 1, `padding` 0, `dilation` 1 and `groups` 1 as in PyTorch; `init`: default
 *   `lecunNormal` with fan_in = kh·kw·in/groups; further those of `Dense`.
 * @example
 * const layer = new Conv2d(1, 8, 5, { rng: rng.split("first"), padding: "same", activation: selu });
 * layer.forward(images); // [32, 28, 28, 1] → [32, 28, 28, 8]
 */
export class Conv2d<
  const In extends number = number,
  const Out extends number = number,
> extends ConvolutionLayer<Conv2dParams, In, Out> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Conv2d);
  constructor(
    inputChannels: In,
    outputChannels: Out,
    kernel: KernelSize,
    options: Conv2dOptions,
    ...extra: readonly undefined[]
  ) {
    noMore("Conv2d", "inputChannels, outputChannels, kernel, options", extra);
    const kind = { name: "Conv2d", op: conv2d, axes: ["height", "width"], ranges: imageRanges() };
    super(kind, inputChannels, outputChannels, kernel, options);
  }
}

/**
 * Convolution of sequences, y = conv1d(x, W) + b: the same weights at every time.
 *
 * Training and evaluation are the same.
 * Shapes: x [N, time, in], weight [kernel, in/groups, out], bias [out] → [N, positions, out].
 * Waibel et al. 1989, Phoneme Recognition Using Time-Delay Neural Networks.
 *
 * @param inputChannels number of input channels, ≥ 1: the last axis.
 * @param outputChannels number of output channels, ≥ 1.
 * @param kernel size of the kernel, ≥ 1.
 * @param options as for {@link Conv2d}, in numbers.
 * @example new Conv1d(8, 16, 5, { rng, padding: "same" }).forward(series); // [32, 100, 8] → [32, 100, 16]
 */
export class Conv1d<
  const In extends number = number,
  const Out extends number = number,
> extends ConvolutionLayer<Conv1dParams, In, Out> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Conv1d);
  constructor(
    inputChannels: In,
    outputChannels: Out,
    kernel: number,
    options: Conv1dOptions,
    ...extra: readonly undefined[]
  ) {
    noMore("Conv1d", "inputChannels, outputChannels, kernel, options", extra);
    const { positiveCount } = ranges;
    const allowed = {
      stride: positiveCount,
      padding: paddingNumber,
      dilation: positiveCount,
      groups: positiveCount,
    };
    const kind = { name: "Conv1d", op: conv1d, axes: ["time"], ranges: allowed };
    super(kind, inputChannels, outputChannels, kernel, options);
  }
}

/**
 * Transposed convolution of images, y = convTranspose2d(x, W) + b, to make images larger.
 *
 * Training and evaluation are the same.
 * Shapes: x [N, height, width, in], weight [kh, kw, out/groups, in] as in Keras, bias [out] → [N, h, w, out] with
 * h = (height − 1)·stride − 2·padding + dilation·(kh − 1) + 1 + outputPadding, and with padding "same" h = height·stride.
 * Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, §4.
 *
 * @param inputChannels number of input channels, ≥ 1: the last axis.
 * @param outputChannels number of output channels, ≥ 1.
 * @param kernel size of the kernel, ≥ 1: a number for both axes or a pair [height, width].
 * @param options as for {@link Conv2d}, and `outputPadding`: default 0. Initializers get the shape [kh, kw, in/groups,
 *   out], so fan_in = kh·kw·in/groups: the number of terms of each output if the stride is 1. With a stride s there are
 *   fewer, 1/s² of them.
 * @example new ConvTranspose2d(16, 8, 2, { rng, stride: 2 }).forward(x); // [32, 7, 7, 16] → [32, 14, 14, 8]
 */
export class ConvTranspose2d<
  const In extends number = number,
  const Out extends number = number,
> extends ConvolutionLayer<ConvTranspose2dParams, In, Out> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => ConvTranspose2d);
  constructor(
    inputChannels: In,
    outputChannels: Out,
    kernel: KernelSize,
    options: ConvTranspose2dOptions,
    ...extra: readonly undefined[]
  ) {
    noMore("ConvTranspose2d", "inputChannels, outputChannels, kernel, options", extra);
    const allowed = { ...imageRanges(), outputPadding: countPair };
    const kind = {
      name: "ConvTranspose2d",
      op: convTranspose2d,
      axes: ["height", "width"],
      ranges: allowed,
      layout: adjointLayout,
    };
    super(kind, inputChannels, outputChannels, kernel, options);
  }
}

/** A weight [..., in/groups, out] as that of the adjoint from `in` to `out` channels, [..., out/groups, in]. */
function adjointLayout(weight: Tensor, groups: number): Tensor {
  const field = weight.shape.slice(0, -2);
  const [inputs, outputs] = weight.shape.slice(-2);
  const each = outputs / groups;
  const split = reshape(weight, { shape: [weight.size / (inputs * outputs), inputs, groups, each] });
  return reshape(permute(split, { axes: [0, 3, 2, 1] }), { shape: [...field, each, groups * inputs] });
}
