import { ArgumentError, deriveOp, type Op, type Shape, ShapeError, type Tensor } from "@gradus/core";
import { convolve, convolveBack } from "./convolution.ts";
import {
  countPair,
  type Padding2d,
  type Pair,
  paddingPair,
  positivePair,
  stepsOf,
  windowOf,
  windowOnto,
} from "./window.ts";

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
 * Convolution of images as in all frameworks, without turning the kernel around (a cross-correlation):
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
    checkConvolution(x.shape, weight.shape, groups);
    const [, h, w] = x.shape;
    const [kh, kw] = weight.shape;
    return convolve(x, weight, { ...windowOf([h, w], [kh, kw], stepsOf(steps)), groups });
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
    checkRanks(y.shape, weight.shape, "y", "[kh, kw, out/groups, in]");
    const [, oh, ow, channels] = y.shape;
    const [kh, kw, , inputs] = weight.shape;
    if (channels !== inputs) {
      const hint = y.shape[1] === inputs ? channelsFirst("y") : "";
      throw new ShapeError(`y has ${channels} channels, but the weight is for ${inputs}${hint}`);
    }
    checkGroups(inputs, groups, "channels of y");
    const extra: Pair = typeof outputPadding === "number" ? [outputPadding, outputPadding] : outputPadding;
    return convolveBack(y, weight, { ...windowOnto([oh, ow], [kh, kw], stepsOf(steps), extra), groups });
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

/** The way out for images of other frameworks, as the end of a message about `name`. */
export function channelsFirst(name: string): string {
  return `; channels are the last axis here: permute(${name}, { axes: [0, 2, 3, 1] }) turns [n, c, h, w] into [n, h, w, c]`;
}

function checkConvolution(x: Shape, weight: Shape, groups: number): void {
  checkRanks(x, weight, "x", "[kh, kw, c/groups, out]");
  const [channels, inputs] = [x[3], weight[2] * groups];
  if (channels !== inputs) {
    throw new ShapeError(
      `x has ${channels} channels, but the weight${groups === 1 ? "" : ` in ${groups} groups`} is for ${inputs}` +
        hintFor(x, weight, groups),
    );
  }
  checkGroups(weight[3], groups, "output channels");
}

/** The layout of another framework that was probably meant, as the end of a message. */
function hintFor(x: Shape, weight: Shape, groups: number): string {
  if (x[1] === weight[2] * groups) return channelsFirst("x");
  if (weight[1] * groups !== x[3]) return "";
  return "; permute(weight, { axes: [2, 3, 1, 0] }) turns PyTorch's [out, in, kh, kw] into [kh, kw, in, out]";
}

function checkRanks(x: Shape, weight: Shape, name: string, layout: string): void {
  if (x.length !== 4) {
    const hint =
      x.length === 3
        ? `; for one image use ${name}.unsqueeze({ axis: 0 }), for images without channels ${name}.unsqueeze({ axis: 3 })`
        : "";
    throw new ShapeError(`${name} must be images [n, height, width, channels]${hint}`);
  }
  if (weight.length !== 4) throw new ShapeError(`the weight must be ${layout}`);
}

function checkGroups(channels: number, groups: number, what: string): void {
  if (channels % groups === 0) return;
  throw new ArgumentError(`groups must divide the number of ${what}, got ${groups} and ${channels}`);
}
