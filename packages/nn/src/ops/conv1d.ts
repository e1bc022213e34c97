import { type Op, ranges, reshape, type Tensor } from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import { checkConvolution, checkTransposed } from "./channels.ts";
import type { conv2d } from "./conv.ts";
import { convolve, convolveBack } from "./convolution.ts";
import { asImages, asSequences, checkSequences, paddingNumber, STILL, TIME } from "./images.ts";
import { type Padding, windowOf, windowOnto } from "./window.ts";

/** Params of {@link conv1d}. */
export interface Conv1dParams {
  /** Step of the kernel from one position to the next, ≥ 1. Default 1. */
  readonly stride?: number;
  /** Zeros before and after the sequence: see {@link Padding}. Default 0. */
  readonly padding?: Padding;
  /** Distance of neighbouring kernel elements in the sequence, ≥ 1. Default 1. */
  readonly dilation?: number;
  /** As in the params of {@link conv2d}. Default 1. */
  readonly groups?: number;
}

/**
 * {@link conv2d} of sequences, which are images of height 1.
 *
 * Shapes: x [n, time, c], weight [k, c/groups, out] → [n, positions, out].
 *
 * @throws as {@link conv2d}.
 * @example conv1d(series, weight, { padding: "same" }); // [32, 100, 8], [5, 8, 16] → [32, 100, 16]
 */
export const conv1d: Op<[x: Tensor, weight: Tensor], Conv1dParams> = deriveOp<
  [x: Tensor, weight: Tensor],
  Conv1dParams
>({
  name: "conv1d",
  formula: "out[n,p,o] = Σ x[n,i,c]·weight[k,c,o] over (k,c)",
  arity: 2,
  compute: ([x, weight], { groups, ...steps }) => {
    checkSequences(x.shape, "x");
    checkConvolution(x.shape, weight.shape, groups, "[k, c/groups, out]");
    const [k, inputs, outputs] = weight.shape;
    const window = windowOf([1, x.shape[1]], [1, k], [STILL, steps], TIME);
    const kernel = reshape(weight, { shape: [1, k, inputs, outputs] });
    return asSequences(convolve(asImages(x), kernel, { ...window, groups }));
  },
  ranges: {
    stride: "positiveCount",
    padding: paddingNumber,
    dilation: "positiveCount",
    groups: "positiveCount",
  },
  defaults: { stride: 1, padding: 0, dilation: 1, groups: 1 },
});

/** Params of {@link convTranspose1d}. */
export interface ConvTranspose1dParams extends Conv1dParams {
  /** Steps added at the end of the sequence, fewer than the stride. Default 0. */
  readonly outputPadding?: number;
}

/**
 * `convTranspose2d` of sequences, which are images of height 1: the adjoint of {@link conv1d} in x.
 *
 * Shapes: y [n, positions, in], weight [k, out/groups, in] → [n, time, out] with
 * time = (positions − 1)·stride − 2·padding + dilation·(k − 1) + 1 + outputPadding; padding "same" gives positions·stride.
 *
 * @throws as `convTranspose2d`.
 * @example convTranspose1d(y, weight, { stride: 2 }); // [32, 50, 16], [2, 8, 16] → [32, 100, 8]
 */
export const convTranspose1d: Op<[y: Tensor, weight: Tensor], ConvTranspose1dParams> = deriveOp<
  [y: Tensor, weight: Tensor],
  ConvTranspose1dParams
>({
  name: "convTranspose1d",
  formula: "out[n,i,c] = Σ y[n,p,o]·weight[k,c,o] over k, then o",
  arity: 2,
  compute: ([y, weight], { groups, outputPadding, ...steps }) => {
    checkSequences(y.shape, "y");
    checkTransposed(y.shape, weight.shape, groups, "[k, out/groups, in]");
    const [k, outputs, inputs] = weight.shape;
    const window = windowOnto([1, y.shape[1]], [1, k], [STILL, steps], [0, outputPadding], TIME);
    const kernel = reshape(weight, { shape: [1, k, outputs, inputs] });
    return asSequences(convolveBack(asImages(y), kernel, { ...window, groups }));
  },
  ranges: {
    stride: "positiveCount",
    padding: paddingNumber,
    dilation: "positiveCount",
    groups: "positiveCount",
    outputPadding: ranges.count,
  },
  defaults: { stride: 1, padding: 0, dilation: 1, groups: 1, outputPadding: 0 },
});
