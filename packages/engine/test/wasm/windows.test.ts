import { type Shape, sizeOf, Tensor } from "@gradus/core";
import { test } from "vitest";
import { type Convolution, convolve, convolveBack, convolveWeight } from "../../../nn/src/ops/convolution.ts";
import {
  addPixels,
  averages,
  averagesBack,
  maxPoolIndices,
  pickPixels,
} from "../../../nn/src/ops/pooling.ts";
import { type Pair, windowOf } from "../../../nn/src/ops/window.ts";
import { expectSameBits, numbers, ordinary, runShares } from "./shares.ts";

interface Case {
  readonly n?: number;
  readonly image: Pair;
  readonly kernel: Pair;
  readonly channels?: number;
  readonly outputs?: number;
  readonly groups?: number;
  readonly stride?: Pair;
  readonly dilation?: Pair;
  readonly padding?: Pair;
}

/** All instructions of one window, against the loops of the ops. */
function check(about: Case, threads: number, numbersOf: typeof numbers = ordinary): void {
  const { n = 1, image, kernel, channels = 1, outputs = 1, groups = 1 } = about;
  const { stride = [1, 1], dilation = [1, 1], padding = [0, 0] } = about;
  const steps = ([0, 1] as const).map((i) => ({
    stride: stride[i],
    dilation: dilation[i],
    padding: padding[i],
  }));
  const bare = windowOf(image, kernel, [steps[0], steps[1]]);
  const window: Convolution = { ...bare, groups };
  const { out, before } = window;
  const filled = (shape: Shape, seed: number): Tensor => new Tensor(numbersOf(sizeOf(shape), seed), shape);
  const x = filled([n, ...image, channels], 3);
  const weight = filled([...kernel, channels / groups, outputs], 4);
  const y = filled([n, ...out, outputs], 5);
  const flat = maxPoolIndices(x, bare);
  const pooled = filled(flat.shape, 6);
  const results: readonly (readonly [
    name: string,
    expected: Tensor,
    x: Tensor,
    y?: Tensor | undefined,
    countAll?: 0 | 1,
  ])[] = [
    ["convolve", convolve(x, weight, window), x, weight],
    ["convolveBack", convolveBack(y, weight, window), y, weight],
    ["convolveWeight", convolveWeight(x, y, window), x, y],
    ["maxPoolIndices", flat, x],
    ["pickPixels", pickPixels(x, flat, bare), x, flat],
    ["addPixels", addPixels(pooled, flat, bare), pooled, flat],
    ...([0, 1] as const).flatMap((countAll) => {
      const params = { ...bare, countIncludePad: countAll === 1 };
      return [
        ["averages", averages(x, params), x, undefined, countAll] as const,
        ["averagesBack", averagesBack(pooled, params), pooled, undefined, countAll] as const,
      ];
    }),
  ];
  for (const [name, { data: expected }, first, second, countAll = 0] of results) {
    const result = new Float64Array(expected.length).fill(0.5);
    const words = {
      ...{ out: result, x: Float64Array.from(first.data), y: second ? Float64Array.from(second.data) : 0 },
      ...{ images: n, height: image[0], width: image[1], channels, outputs, groups },
      ...{ kernelHeight: kernel[0], kernelWidth: kernel[1], outHeight: out[0], outWidth: out[1] },
      ...{ strideY: stride[0], strideX: stride[1], dilationY: dilation[0], dilationX: dilation[1] },
      ...{ beforeY: before[0], beforeX: before[1], countAll },
    };
    runShares(name, words, [], threads);
    expectSameBits(result, expected, `${name} ${JSON.stringify(about)}, ${threads} threads`);
  }
}

const sides: readonly Case[] = [
  { image: [1, 1], kernel: [1, 1] },
  { image: [1, 1], kernel: [3, 3], padding: [1, 1] },
  { image: [5, 7], kernel: [3, 3] },
  { image: [5, 7], kernel: [3, 2], padding: [1, 2] },
  { image: [7, 5], kernel: [2, 4], padding: [2, 3], stride: [2, 3] },
  { image: [9, 8], kernel: [3, 3], dilation: [2, 3], padding: [2, 3] },
  { image: [8, 9], kernel: [2, 3], dilation: [1, 2], padding: [0, 2], stride: [3, 2] },
  { image: [6, 6], kernel: [1, 5], stride: [2, 1], dilation: [3, 1], padding: [1, 4] },
  { image: [1, 40], kernel: [1, 7], padding: [0, 3] },
  // A stride above the kernel: some pixels are under no position.
  { image: [7, 7], kernel: [2, 2], stride: [3, 3] },
  // Padding above the kernel: some positions are outside the image.
  { image: [3, 3], kernel: [2, 2], padding: [3, 4] },
];
const widths: readonly Pick<Case, "n" | "channels" | "outputs" | "groups">[] = [
  {},
  { n: 2, channels: 3, outputs: 5 },
  { n: 3, channels: 4, outputs: 6, groups: 2 },
  { n: 2, channels: 3, outputs: 3, groups: 3 },
  { n: 1, channels: 9, outputs: 18, groups: 9 },
  { n: 1, channels: 18, outputs: 18, groups: 18 },
  { n: 1, channels: 17, outputs: 10 },
];

test.each([1, 2, 3])(
  "convolutions and pools have the bits of the plain loops: windows, channels, groups, %i threads",
  (threads) => {
    for (const side of sides) for (const width of widths) check({ ...side, ...width }, threads);
  },
);

test("NaN, Infinity, −0 and subnormal numbers come out as they do from the plain loops", () => {
  for (const side of sides) {
    for (const width of widths) {
      for (const every of [3, 40]) check({ ...side, ...width }, 1, (n, seed) => numbers(n, seed, every));
    }
  }
});

test.each([1, 2])("sums that go on from block to block keep their order, %i threads", (threads) => {
  // Patches of more than 256 elements, more than 256 positions, more than 256 outputs, and more columns than one block has.
  check({ n: 2, image: [9, 9], kernel: [3, 3], channels: 40, outputs: 3, padding: [1, 1] }, threads);
  check({ n: 3, image: [20, 20], kernel: [5, 5], channels: 2, outputs: 8 }, threads);
  check({ n: 2, image: [13, 13], kernel: [2, 2], channels: 3, outputs: 300 }, threads);
  check({ n: 1, image: [5, 5], kernel: [3, 3], channels: 130, outputs: 20, padding: [1, 1] }, threads);
  check({ n: 2, image: [30, 30], kernel: [3, 3], channels: 8, outputs: 8, padding: [1, 1] }, threads);
});
