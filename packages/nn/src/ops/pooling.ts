import type { Op, Tensor } from "@gradus/core";
import { defineOp } from "@gradus/core/internal";
import { forEachTap } from "./convolution.ts";
import { WINDOW, type Window } from "./window.ts";
import { windowKernel } from "./window-kernel.ts";

/**
 * The index in x, flattened, of the largest pixel under the kernel at each position, for each channel: the first of
 * several equal ones; the first NaN if there is one. No gradient.
 */
export const maxPoolIndices: Op<[x: Tensor], Window> = defineOp<[x: Tensor], Window>({
  name: "maxPoolIndices",
  formula: "out[n,oy,ox,c] = index of the first largest x[n,iy,ix,c] over (ky,kx)",
  shape: ([x], { out }) => [x[0], ...out, x[3]],
  forward: ([x], out, _, window) => {
    const { data, shape } = x;
    const channels = shape[3];
    out.fill(-1);
    forEachTap(shape[0], window, (position, _tap, pixel) => {
      if (pixel < 0) return;
      const [to, from] = [position * channels, pixel * channels];
      for (let c = 0; c < channels; c++) {
        const best = out[to + c];
        const [a, b] = [data[from + c], data[best]];
        // b is undefined at the first pixel.
        if (best < 0 || a > b || (Number.isNaN(a) && !Number.isNaN(b))) out[to + c] = from + c;
      }
    });
  },
  kernel: windowKernel("maxPoolIndices", ([image], positions) => ({ image, positions })),
  vjp: [null],
  required: WINDOW,
});

/** out[n, oy, ox, c] = x[indices[n, oy, ox, c]], x flattened. */
export const pickPixels: Op<[x: Tensor, indices: Tensor], Window> = defineOp<
  [x: Tensor, indices: Tensor],
  Window
>({
  name: "pickPixels",
  formula: "out[n,oy,ox,c] = x[indices[n,oy,ox,c]]",
  shape: ([, indices]) => indices,
  forward: ([x, indices], out) => {
    for (let i = 0; i < out.length; i++) out[i] = x.data[indices.data[i]];
  },
  kernel: windowKernel("pickPixels", ([image], positions) => ({ image, positions })),
  vjp: [(g, { inputs: [, indices], params }) => addPixels(g, indices, params), null],
  required: WINDOW,
});

/** out, flattened: 0 + Σ of the g[n, oy, ox, c] with this index, in increasing (n, oy, ox): the adjoint of {@link pickPixels}. */
export const addPixels: Op<[g: Tensor, indices: Tensor], Window> = defineOp<
  [g: Tensor, indices: Tensor],
  Window
>({
  name: "addPixels",
  formula: "out[indices[n,oy,ox,c]] = Σ g[n,oy,ox,c]",
  shape: ([g], { image }) => [g[0], ...image, g[3]],
  forward: ([g, indices], out) => {
    for (let i = 0; i < g.data.length; i++) out[indices.data[i]] += g.data[i];
  },
  kernel: windowKernel("addPixels", ([positions], image) => ({ image, positions })),
  vjp: [(g, { inputs: [, indices], params }) => pickPixels(g, indices, params), null],
  required: WINDOW,
});

/** The window of an average, and what its sums are divided by. */
export interface Averages extends Window {
  /** Whether sums are divided by the size of the kernel everywhere; else by the number of pixels inside the image. */
  readonly countIncludePad: boolean;
}

const required: readonly (keyof Averages)[] = [...WINDOW, "countIncludePad"];

/** out[n, oy, ox, c] = (0 + Σ x[n, iy, ix, c])/count, the sum over the pixels inside the image in increasing (ky, kx). */
export const averages: Op<[x: Tensor], Averages> = defineOp<[x: Tensor], Averages>({
  name: "avgPool",
  formula: "out[n,oy,ox,c] = Σ x[n,iy,ix,c]/count over (ky,kx)",
  shape: ([x], { out }) => [x[0], ...out, x[3]],
  forward: ([x], out, _, window) => {
    const { data, shape } = x;
    const channels = shape[3];
    forEachTap(shape[0], window, (position, _tap, pixel) => {
      if (pixel < 0) return;
      const [to, from] = [position * channels, pixel * channels];
      for (let c = 0; c < channels; c++) out[to + c] += data[from + c];
    });
    const counts = countsOf(window);
    for (let i = 0; i < out.length; i++) out[i] /= counts[Math.floor(i / channels) % counts.length];
  },
  kernel: windowKernel("averages", ([image], positions) => ({ image, positions })),
  vjp: [(g, { params }) => averagesBack(g, params)],
  required,
});

/** out[n, iy, ix, c] = 0 + Σ g[n, oy, ox, c]/count in increasing (ky, kx): the adjoint of {@link averages}. */
export const averagesBack: Op<[g: Tensor], Averages> = defineOp<[g: Tensor], Averages>({
  name: "avgPoolBack",
  formula: "out[n,iy,ix,c] = Σ g[n,oy,ox,c]/count over (ky,kx)",
  shape: ([g], { image }) => [g[0], ...image, g[3]],
  forward: ([g], out, _, window) => {
    const { data, shape } = g;
    const channels = shape[3];
    const counts = countsOf(window);
    forEachTap(shape[0], window, (position, _tap, pixel) => {
      if (pixel < 0) return;
      const [from, to] = [position * channels, pixel * channels];
      const count = counts[position % counts.length];
      for (let c = 0; c < channels; c++) out[to + c] += data[from + c] / count;
    });
  },
  kernel: windowKernel("averagesBack", ([positions], image) => ({ image, positions })),
  vjp: [(g, { params }) => averages(g, params)],
  required,
});

/** The divisor of each position, row by row. */
function countsOf({ countIncludePad, ...window }: Averages): Float64Array {
  const [rows, columns] = window.out;
  const counts = new Float64Array(rows * columns);
  forEachTap(1, window, (position, _tap, pixel) => {
    if (countIncludePad || pixel >= 0) counts[position]++;
  });
  return counts;
}
