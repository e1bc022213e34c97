import type { Op, Tensor } from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import { checkConvolution, checkTransposed } from "./channels.ts";
import { convolve, convolveBack } from "./convolution.ts";
import {
  checkImages,
  countPair,
  layoutHint,
  type Padding2d,
  paddingPair,
  pairOf,
  positivePair,
  stepsOf,
} from "./images.ts";
import { AXES, type Pair, windowOf, windowOnto } from "./window.ts";

/** Params of {@link conv2d}. A number stands for both axes, a pair is [height, width]. */
export interface Conv2dParams {
  /** Step of the kernel from one position to the next, ≥ 1. Default 1. */
  readonly stride?: number | Pair;
  /** Zeros around the image: see {@link Padding}. Default 0, PyTorch's; Keras' "valid" is the same. */
  readonly padding?: Padding2d;
  /** Distance of neighbouring kernel elements on the image, ≥ 1. Default 1. */
  readonly dilation?: number | Pair;
  /** Number of groups that the channels are split into; each output channel reads one of them. Default 1. */
  readonly groups?: number;
}

/**
 * Convolution of images as in all frameworks, without turning the kernel around (a cross-correlation).
 *
 *     out[n, oy, ox, o] = Σ x[n, oy·stride + ky·dilation − padding, …, c]·weight[ky, kx, c, o]
 *
 * Shapes: x [n, h, w, c], weight [kh, kw, c/groups, out] → [n, oh, ow, out] with
 * oh = ⌊(h + 2·padding − dilation·(kh − 1) − 1)/stride⌋ + 1.
 *
 * Each element is 0 + Σ, terms added one at a time in increasing (ky, kx, c); a pixel outside the image reads 0, and its
 * product is added too. That is the matrix product of the patches of x (im2col) with the weight. The gradients are
 * {@link convTranspose2d} of g for x, and for the weight the sum of x·g in increasing (n, oy, ox).
 *
 * @throws ShapeError for shapes that do not fit, groups that do not divide, or a kernel larger than the padded image;
 *   ArgumentError for a param that is not as described.
 * @example conv2d(images, weight, { padding: "same" }); // [32, 28, 28, 1], [3, 3, 1, 8] → [32, 28, 28, 8]
 */
export const conv2d: Op<[x: Tensor, weight: Tensor], Conv2dParams> = deriveOp<
  [x: Tensor, weight: Tensor],
  Conv2dParams
>({
  name: "conv2d",
  formula: "out[n,oy,ox,o] = Σ x[n,iy,ix,c]·weight[ky,kx,c,o] over (ky,kx,c)",
  arity: 2,
  compute: ([x, weight], { groups, ...steps }) => {
    checkImages(x.shape, "x");
    checkConvolution(x.shape, weight.shape, groups, "[kh, kw, c/groups, out]");
    const [, h, w] = x.shape;
    const [kh, kw] = weight.shape;
    const window = windowOf([h, w], [kh, kw], stepsOf(steps), AXES, layoutHint(x.shape, "x"));
    return convolve(x, weight, { ...window, groups });
  },
  ranges: { stride: positivePair, padding: paddingPair, dilation: positivePair, groups: "positiveCount" },
  defaults: { stride: 1, padding: 0, dilation: 1, groups: 1 },
});

/** Params of {@link convTranspose2d}. */
export interface ConvTranspose2dParams extends Conv2dParams {
  /**
   * Rows and columns added at the end of the image, smaller than the stride: a convolution of stride s gives the same
   * size for s sizes of an image. Default 0.
   */
  readonly outputPadding?: number | Pair;
}

/**
 * The adjoint of {@link conv2d} in x, to make images larger: each element of y adds its multiple of the kernel to the
 * image.
 *
 * Shapes: y [n, oh, ow, in], weight [kh, kw, out/groups, in] → [n, h, w, out] with
 * h = (oh − 1)·stride − 2·padding + dilation·(kh − 1) + 1 + outputPadding; padding "same" gives h = oh·stride.
 * The weight is that of the convolution [n, h, w, out] → [n, oh, ow, in] that this is the adjoint of.
 *
 * Each pixel is 0 + Σ over kernel elements in increasing (ky, kx); each of these terms is a sum of its own, 0 + Σ over the
 * channels of y in increasing order.
 *
 * @throws ShapeError for shapes that do not fit, groups that do not divide, or a padding that leaves nothing;
 *   ArgumentError for a param that is not as described.
 * @example convTranspose2d(y, weight, { stride: 2 }); // [32, 7, 7, 16], [2, 2, 8, 16] → [32, 14, 14, 8]
 */
export const convTranspose2d: Op<[y: Tensor, weight: Tensor], ConvTranspose2dParams> = deriveOp<
  [y: Tensor, weight: Tensor],
  ConvTranspose2dParams
>({
  name: "convTranspose2d",
  formula: "out[n,iy,ix,c] = Σ y[n,oy,ox,o]·weight[ky,kx,c,o] over (ky,kx), then o",
  arity: 2,
  compute: ([y, weight], { groups, outputPadding, ...steps }) => {
    checkImages(y.shape, "y");
    checkTransposed(y.shape, weight.shape, groups, "[kh, kw, out/groups, in]");
    const [, oh, ow] = y.shape;
    const [kh, kw] = weight.shape;
    const window = windowOnto([oh, ow], [kh, kw], stepsOf(steps), pairOf(outputPadding));
    return convolveBack(y, weight, { ...window, groups });
  },
  ranges: {
    stride: positivePair,
    padding: paddingPair,
    dilation: positivePair,
    groups: "positiveCount",
    outputPadding: countPair,
  },
  defaults: { stride: 1, padding: 0, dilation: 1, groups: 1, outputPadding: 0 },
});
