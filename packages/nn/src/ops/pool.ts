import { ArgumentError, type Op, type Shape, type Tensor } from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import {
  asImages,
  asSequences,
  checkImages,
  checkSequences,
  layoutHint,
  type Padding2d,
  paddingNumber,
  paddingPair,
  pairOf,
  positivePair,
  STILL,
  stepsOf,
  TIME,
} from "./images.ts";
import { averages, maxPoolIndices, pickPixels } from "./pooling.ts";
import { AXES, type Padding, type Pair, type Window, windowOf } from "./window.ts";

/** Params of {@link maxPool2d}. A number stands for both axes, a pair is [height, width]. */
export interface Pool2dParams {
  /** Size of the kernel, ≥ 1. */
  readonly kernel: number | Pair;
  /** Step of the kernel from one position to the next, ≥ 1. Default: the size of the kernel. */
  readonly stride?: number | Pair | undefined;
  /** Places around the image, at most half the kernel: see {@link Padding}. Default 0. */
  readonly padding?: Padding2d;
}

/** Params of {@link maxPool1d}. */
export interface Pool1dParams {
  /** Size of the kernel, ≥ 1. */
  readonly kernel: number;
  /** Step of the kernel from one position to the next, ≥ 1. Default: the size of the kernel. */
  readonly stride?: number | undefined;
  /** Places before and after the sequence, at most half the kernel: see {@link Padding}. Default 0. */
  readonly padding?: Padding;
}

/**
 * The largest pixel under the kernel at each position, for each channel; NaN if one is NaN.
 *
 * Shapes: x [n, h, w, c] → [n, oh, ow, c] with oh = ⌊(h + 2·padding − kh)/stride⌋ + 1. Padding counts as −∞. The first of
 * several equal pixels, row by row, gets the whole gradient, as in PyTorch.
 *
 * @throws ShapeError if x has other axes or the kernel is larger than the padded image; ArgumentError for a param that is
 *   not as described.
 * @example maxPool2d(images, { kernel: 2 }); // [32, 28, 28, 8] → [32, 14, 14, 8]
 */
export const maxPool2d: Op<[x: Tensor], Pool2dParams> = deriveOp<[x: Tensor], Pool2dParams>({
  name: "maxPool2d",
  formula: "out[n,oy,ox,c] = max x[n,iy,ix,c] over (ky,kx)",
  arity: 1,
  compute: ([x], params) => largest(x, windowOfPool(x.shape, params)),
  ranges: { kernel: positivePair, stride: positivePair, padding: paddingPair },
  defaults: { stride: undefined, padding: 0 },
  required: ["kernel"],
});

/**
 * {@link maxPool2d} of sequences.  Shapes: x [n, time, c] → [n, positions, c].
 *
 * @throws as {@link maxPool2d}.
 * @example maxPool1d(tensor([[[1], [3], [2], [0]]]), { kernel: 2 }); // [[[3], [2]]]
 */
export const maxPool1d: Op<[x: Tensor], Pool1dParams> = deriveOp<[x: Tensor], Pool1dParams>({
  name: "maxPool1d",
  formula: "out[n,o,c] = max x[n,i,c] over k",
  arity: 1,
  compute: ([x], params) => {
    const window = windowOfPool1d(x.shape, params);
    return asSequences(largest(asImages(x), window));
  },
  ranges: { kernel: "positiveCount", stride: "positiveCount", padding: paddingNumber },
  defaults: { stride: undefined, padding: 0 },
  required: ["kernel"],
});

/** Params of {@link avgPool2d}. */
export interface AvgPool2dParams extends Pool2dParams {
  /**
   * Whether padding counts as zeros of the average. Default true, PyTorch's; Keras leaves padding out of averages: false.
   */
  readonly countIncludePad?: boolean;
}

/** Params of {@link avgPool1d}. */
export interface AvgPool1dParams extends Pool1dParams {
  /** As in {@link AvgPool2dParams}. */
  readonly countIncludePad?: boolean;
}

/**
 * The mean of the pixels under the kernel at each position, for each channel: the sum, 0 + Σ in increasing (ky, kx),
 * divided by the size of the kernel, or without `countIncludePad` by the number of pixels that lie in the image.
 *
 * Shapes: x [n, h, w, c] → [n, oh, ow, c] with oh = ⌊(h + 2·padding − kh)/stride⌋ + 1.
 *
 * @throws as {@link maxPool2d}.
 * @example avgPool2d(images, { kernel: 2 }); // [32, 28, 28, 8] → [32, 14, 14, 8]
 */
export const avgPool2d: Op<[x: Tensor], AvgPool2dParams> = deriveOp<[x: Tensor], AvgPool2dParams>({
  name: "avgPool2d",
  formula: "out[n,oy,ox,c] = Σ x[n,iy,ix,c]/count over (ky,kx)",
  arity: 1,
  compute: ([x], { countIncludePad, ...params }) =>
    averages(x, { ...windowOfPool(x.shape, params), countIncludePad }),
  ranges: { kernel: positivePair, stride: positivePair, padding: paddingPair, countIncludePad: "flag" },
  defaults: { stride: undefined, padding: 0, countIncludePad: true },
  required: ["kernel"],
});

/**
 * {@link avgPool2d} of sequences.  Shapes: x [n, time, c] → [n, positions, c].
 *
 * @throws as {@link maxPool2d}.
 * @example avgPool1d(tensor([[[1], [3], [2], [0]]]), { kernel: 2 }); // [[[2], [1]]]
 */
export const avgPool1d: Op<[x: Tensor], AvgPool1dParams> = deriveOp<[x: Tensor], AvgPool1dParams>({
  name: "avgPool1d",
  formula: "out[n,o,c] = Σ x[n,i,c]/count over k",
  arity: 1,
  compute: ([x], { countIncludePad, ...params }) => {
    const window = windowOfPool1d(x.shape, params);
    return asSequences(averages(asImages(x), { ...window, countIncludePad }));
  },
  ranges: {
    kernel: "positiveCount",
    stride: "positiveCount",
    padding: paddingNumber,
    countIncludePad: "flag",
  },
  defaults: { stride: undefined, padding: 0, countIncludePad: true },
  required: ["kernel"],
});

function largest(x: Tensor, window: Window): Tensor {
  return pickPixels(x, maxPoolIndices(x, window), window);
}

function windowOfPool(x: Shape, { kernel, stride, padding }: Required<Pool2dParams>): Window {
  checkImages(x, "x");
  const size = pairOf(kernel);
  const steps = stepsOf({ stride: stride ?? kernel, dilation: 1, padding });
  for (const axis of [0, 1] as const) checkPadding(steps[axis].padding, size[axis]);
  return windowOf([x[1], x[2]], size, steps, AXES, layoutHint(x, "x"));
}

function windowOfPool1d(x: Shape, { kernel, stride, padding }: Required<Pool1dParams>): Window {
  checkSequences(x, "x");
  checkPadding(padding, kernel);
  return windowOf([1, x[1]], [1, kernel], [STILL, { stride: stride ?? kernel, dilation: 1, padding }], TIME);
}

/**
 * Throws for more padding than half the kernel, which would put positions outside the image.
 *
 * @param who the layer, with `: ` behind; "" inside an op.
 */
export function checkPadding(padding: Padding, kernel: number, who = ""): void {
  if (typeof padding !== "number" || 2 * padding <= kernel) return;
  throw new ArgumentError(`${who}padding must be at most half the kernel, got ${padding} and ${kernel}`);
}
