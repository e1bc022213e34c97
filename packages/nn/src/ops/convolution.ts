import type { Op, Shape, Tensor } from "@gradus/core";
import { defineOp } from "@gradus/core/internal";
import { WINDOW, type Window } from "./window.ts";
import { windowKernel } from "./window-kernel.ts";

// A convolution is bilinear: out = Σ x·w over pairs of a pixel and an element of the kernel that lie on each other. With
// the incoming gradient g it is ⟨g, out⟩ = Σ x·w·g, linear in each of x, w and g. Its derivative with respect to one of
// them is a sum over the other two, so there are three ops, and the gradient rules of each are the other two, in the same
// window:
//
//     out = conv2d(x, w)        Σ over w: positions [n, oy, ox, o]
//     dx  = convTranspose2d(g, w)         pixels    [n, iy, ix, c]
//     dw  = conv2dWeight(x, g)            elements  [ky, kx, c, o]
//
// The order of each sum is a part of the contract, because faster ways must give the same bits. It is that of a matrix of
// patches (im2col), one row for each position (n, oy, ox) and one column for each (ky, kx, c), and of the matrix product:
// out = patches·w, dw = patchesᵀ·g, and dx is g·wᵀ added back to the pixels, one kernel element after the other.

/** The window of a convolution, and in how many groups its channels are split. */
export interface Convolution extends Window {
  /** Output channels of group i read only the input channels of group i. */
  readonly groups: number;
}

const required: readonly (keyof Convolution)[] = [...WINDOW, "groups"];

/**
 * out[n, oy, ox, o] = 0 + Σ x[n, iy, ix, c]·w[ky, kx, c, o], terms added one at a time in increasing (ky, kx, c). A pixel
 * outside the image reads 0 and its product is added too.
 */
export const convolve: Op<[x: Tensor, weight: Tensor], Convolution> = defineOp<
  [x: Tensor, weight: Tensor],
  Convolution
>({
  name: "conv2d",
  formula: "out[n,oy,ox,o] = Σ x[n,iy,ix,c]·weight[ky,kx,c,o] over (ky,kx,c)",
  shape: ([x, weight], { out }) => [x[0], ...out, weight[3]],
  forward: ([x, weight], out, _, window) => {
    const [{ data: a }, { data: w }] = [x, weight];
    forEachTerm(x.shape, weight.shape[3], window, (at, row, i, count) => {
      addMultiple(out, at, i < 0 ? 0 : a[i], w, row, count);
    });
  },
  kernel: windowKernel("convolve", ([image, weight], positions) => ({ image, positions, weight })),
  vjp: [
    (g, { inputs: [, weight], params }) => convolveBack(g, weight, params),
    (g, { inputs: [x], params }) => convolveWeight(x, g, params),
  ],
  required,
});

/**
 * out[n, iy, ix, c] = 0 + Σ (0 + Σ y[n, oy, ox, o]·w[ky, kx, c, o]): the inner sum in increasing o, the outer one in
 * increasing (ky, kx). The adjoint of {@link convolve} in x.
 */
export const convolveBack: Op<[y: Tensor, weight: Tensor], Convolution> = defineOp<
  [y: Tensor, weight: Tensor],
  Convolution
>({
  name: "convTranspose2d",
  formula: "out[n,iy,ix,c] = Σ y[n,oy,ox,o]·weight[ky,kx,c,o] over (ky,kx), then o",
  shape: ([y, weight], { image, groups }) => [y[0], ...image, weight[2] * groups],
  forward: ([y, weight], out, x, window) => {
    const [{ data: b }, { data: w }] = [y, weight];
    forEachTerm(x, y.shape[3], window, (at, row, i, count) => {
      if (i >= 0) out[i] += dot(b, at, w, row, count);
    });
  },
  kernel: windowKernel("convolveBack", ([positions, weight], image) => ({ image, positions, weight })),
  vjp: [
    (g, { inputs: [, weight], params }) => convolve(g, weight, params),
    (g, { inputs: [y], params }) => convolveWeight(g, y, params),
  ],
  required,
});

/**
 * out[ky, kx, c, o] = 0 + Σ x[n, iy, ix, c]·g[n, oy, ox, o], terms added one at a time in increasing (n, oy, ox). A pixel
 * outside the image reads 0 and its product is added too. The adjoint of {@link convolve} in the weight.
 */
export const convolveWeight: Op<[x: Tensor, g: Tensor], Convolution> = defineOp<
  [x: Tensor, g: Tensor],
  Convolution
>({
  name: "conv2dWeight",
  formula: "out[ky,kx,c,o] = Σ x[n,iy,ix,c]·g[n,oy,ox,o] over (n,oy,ox)",
  shape: ([x, g], { kernel, groups }) => [...kernel, x[3] / groups, g[3]],
  forward: ([x, g], out, _, window) => {
    const [{ data: a }, { data: b }] = [x, g];
    forEachTerm(x.shape, g.shape[3], window, (at, row, i, count) => {
      addMultiple(out, row, i < 0 ? 0 : a[i], b, at, count);
    });
  },
  kernel: windowKernel("convolveWeight", ([image, positions], weight) => ({ image, positions, weight })),
  vjp: [
    (g, { inputs: [, v], params }) => convolveBack(v, g, params),
    (g, { inputs: [x], params }) => convolve(x, g, params),
  ],
  required,
});

/**
 * Visits all pairs of an input channel and its `count` output channels, for each position and each element (ky, kx) of the
 * kernel: where the output channels begin, in the positions [n, oy, ox, o] and in the weight [ky, kx, c, o], and the
 * index of the input channel in the images [n, iy, ix, c], or −1 outside of them.
 */
function forEachTerm(
  [n, , , channels]: Shape,
  outputs: number,
  window: Convolution,
  visit: (at: number, row: number, i: number, count: number) => void,
): void {
  const { groups } = window;
  const [inputsEach, outputsEach] = [channels / groups, outputs / groups];
  forEachTap(n, window, (position, tap, pixel) => {
    for (let c = 0; c < channels; c++) {
      const first = Math.floor(c / inputsEach) * outputsEach; // of the group
      const row = (tap * inputsEach + (c % inputsEach)) * outputs + first;
      visit(position * outputs + first, row, pixel < 0 ? -1 : pixel * channels + c, outputsEach);
    }
  });
}

/** out[to + i] += factor·x[from + i] for `count` numbers. */
function addMultiple(
  out: Float64Array,
  to: number,
  factor: number,
  x: Float64Array,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) out[to + i] += factor * x[from + i];
}

/** 0 + Σ x[i]·y[i] over `count` numbers. */
function dot(x: Float64Array, first: number, y: Float64Array, second: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[first + i] * y[second + i];
  return sum;
}

/**
 * Calls `visit` for every image n, kernel element (ky, kx) and position (oy, ox), in this order: so every sum over kernel
 * elements and every sum over positions runs in increasing order. `position`, `tap` and `pixel` are row-major indices of
 * (n, oy, ox), (ky, kx) and (n, iy, ix); `pixel` is −1 outside the image.
 */
export function forEachTap(
  count: number,
  { image, kernel, out, stride, dilation, before }: Window,
  visit: (position: number, tap: number, pixel: number) => void,
): void {
  const [height, width] = image;
  const [rows, columns] = out;
  for (let n = 0; n < count; n++) {
    for (let ky = 0, tap = 0; ky < kernel[0]; ky++) {
      for (let kx = 0; kx < kernel[1]; kx++, tap++) {
        let position = n * rows * columns;
        for (let oy = 0; oy < rows; oy++) {
          const iy = oy * stride[0] + ky * dilation[0] - before[0];
          const start = iy >= 0 && iy < height ? (n * height + iy) * width : -1;
          let ix = kx * dilation[1] - before[1];
          for (let ox = 0; ox < columns; ox++, ix += stride[1]) {
            visit(position++, tap, start >= 0 && ix >= 0 && ix < width ? start + ix : -1);
          }
        }
      }
    }
  }
}
