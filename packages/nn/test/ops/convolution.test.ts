import { createRng, plainProduct, type Tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { conv2d } from "../../src/index.ts";
import { type Convolution, convolve, convolveBack, convolveWeight } from "../../src/ops/convolution.ts";

const rng = createRng("convolutions");

/** Windows of all kinds, for images of 2 × h × w × 4 channels and 6 output channels. */
const windows: readonly Convolution[] = [
  [[5, 4], [3, 2], [3, 3], [1, 1], [1, 1], [0, 0], 1],
  [[5, 6], [3, 3], [3, 3], [2, 2], [1, 1], [1, 1], 1],
  [[4, 5], [2, 3], [2, 2], [3, 2], [2, 1], [1, 0], 2],
  [[3, 3], [4, 4], [3, 3], [1, 1], [1, 1], [1, 2], 2],
  [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [0, 0], 1],
].map(([image, kernel, out, stride, dilation, before, groups]) => {
  return { image, kernel, out, stride, dilation, before, groups } as unknown as Convolution;
});

const CHANNELS = 4;
const OUTPUTS = 6;

/** The patches of group `group` as a matrix [n·oh·ow, kh·kw·c]: an implementation of its own, by coordinates. */
function patches(
  x: Tensor,
  window: Convolution,
  group: number,
): { rows: number; k: number; data: Float64Array } {
  const { image, kernel, out, stride, dilation, before, groups } = window;
  const each = CHANNELS / groups;
  const values: number[] = [];
  for (let n = 0; n < x.shape[0]; n++)
    for (let oy = 0; oy < out[0]; oy++)
      for (let ox = 0; ox < out[1]; ox++)
        for (let ky = 0; ky < kernel[0]; ky++)
          for (let kx = 0; kx < kernel[1]; kx++)
            for (let c = 0; c < each; c++) {
              const iy = oy * stride[0] + ky * dilation[0] - before[0];
              const ix = ox * stride[1] + kx * dilation[1] - before[1];
              const inside = iy >= 0 && iy < image[0] && ix >= 0 && ix < image[1];
              const at = ((n * image[0] + iy) * image[1] + ix) * CHANNELS + group * each + c;
              values.push(inside ? x.data[at] : 0);
            }
  const k = kernel[0] * kernel[1] * each;
  return { rows: values.length / k, k, data: Float64Array.from(values) };
}

/** The columns of a matrix [rows, 6] that belong to a group. */
function columns(data: Float64Array, group: number, groups: number): Float64Array {
  const each = OUTPUTS / groups;
  return data.filter((_, i) => Math.floor((i % OUTPUTS) / each) === group);
}

function drawn(window: Convolution): { x: Tensor; weight: Tensor; g: Tensor } {
  const { image, kernel, out, groups } = window;
  return {
    x: rng.normal([2, ...image, CHANNELS]),
    weight: rng.normal([...kernel, CHANNELS / groups, OUTPUTS]),
    g: rng.normal([2, ...out, OUTPUTS]),
  };
}

describe.each(windows)(
  "the order of the sums is a part of the contract: $kernel on $image, groups $groups",
  (window) => {
    const { groups } = window;
    const each = OUTPUTS / groups;
    const { x, weight, g } = drawn(window);

    test("a convolution has the bits of patches·weight", () => {
      const out = convolve(x, weight, window);
      for (let group = 0; group < groups; group++) {
        const { rows, k, data } = patches(x, window, group);
        const expected = new Float64Array(rows * each);
        plainProduct(data, columns(weight.data, group, groups), expected, { m: rows, k, n: each });
        expect(columns(out.data, group, groups)).toEqual(expected);
      }
    });

    test("the gradient for the weight has the bits of patchesᵀ·g", () => {
      const out = convolveWeight(x, g, window);
      for (let group = 0; group < groups; group++) {
        const { rows, k, data } = patches(x, window, group);
        const expected = new Float64Array(k * each);
        plainProduct(data, columns(g.data, group, groups), expected, {
          m: k,
          k: rows,
          n: each,
          transposeA: true,
        });
        expect(columns(out.data, group, groups)).toEqual(expected);
      }
    });

    test("the gradient for the image has the bits of g·weightᵀ, added to each pixel in the order of the kernel", () => {
      const out = convolveBack(g, weight, window);
      const expected = zeros(x.shape);
      for (let group = 0; group < groups; group++) {
        const { rows, k } = patches(x, window, group);
        const spread = new Float64Array(rows * k);
        const [a, b] = [columns(g.data, group, groups), columns(weight.data, group, groups)];
        plainProduct(a, b, spread, { m: rows, k: each, n: k, transposeB: true });
        // Each column of the patches holds every pixel at most once, and columns are added from left to right.
        const numbers = zeros(x.shape);
        for (let i = 0; i < x.size; i++) numbers.data[i] = i + 1;
        const pixels = patches(numbers, window, group).data;
        for (let column = 0; column < k; column++)
          for (let row = 0; row < rows; row++) {
            const pixel = pixels[row * k + column];
            if (pixel > 0) expected.data[pixel - 1] += spread[row * k + column];
          }
      }
      expect(out.data).toEqual(expected.data);
    });
  },
);

test("a pixel outside the image is a 0 that is multiplied: beside an infinite weight it makes NaN", () => {
  const weight = zeros([3, 1, 1, 1]);
  weight.data.set([Number.POSITIVE_INFINITY, 1, 1]);
  const x = zeros([1, 3, 1, 1]);
  x.data.set([1, 2, 3]);
  expect([...conv2d(x, weight, { padding: [1, 0] }).data]).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test("a convolution is the sum by hand", () => {
  const x = zeros([1, 2, 3, 1]);
  x.data.set([1, 2, 3, 4, 5, 6]);
  const weight = zeros([2, 2, 1, 1]);
  weight.data.set([10, 20, 30, 40]);
  // 1·10 + 2·20 + 4·30 + 5·40 and, one column to the right, 2·10 + 3·20 + 5·30 + 6·40.
  expect([...conv2d(x, weight).data]).toEqual([370, 470]);
});
