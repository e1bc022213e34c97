import { backward, createRng, type Shape, type Tensor, variable } from "@gradus/core";
import type { AnyKernel } from "@gradus/core/internal";
import { conv2d, maxPool2d } from "@gradus/nn";
import { afterEach, expect, test, vi } from "vitest";
import { convolve } from "../../../nn/src/ops/convolution.ts";
import { compile, simdSupported, threads, useSimd } from "../../src/index.ts";
import { lowerOp } from "../../src/wasm/lower.ts";
import { wasmEngine } from "../../src/wasm/wasm.ts";

afterEach(() => threads(1));

const rng = createRng("modules");
const x = rng.normal([4, 20, 20, 3]);
const weight = variable(rng.normal([5, 5, 3, 8]));
const gradient = (images: Tensor): Tensor =>
  backward(
    maxPool2d(conv2d(images, weight, { padding: 2 }), { kernel: 2 })
      .square()
      .sum(),
  ).of(weight);

test("a module that comes with an op runs on all threads, also if they began before it came", async () => {
  const simd = useSimd(false);
  const expected = gradient(x);
  useSimd(simd);
  expect(await threads(2)).toBe(simdSupported() ? 2 : 1);
  const compiled = compile(gradient);
  expect(compiled(x).data).toEqual(expected.data);
  // The memory grows under the workers: what they saw of it before is too short.
  compile((big: Tensor) => big.add(1))(rng.uniform([3_000_000]));
  const other = compile((images: Tensor) => gradient(images).neg());
  expect(other(x).data).toEqual(expected.neg().data);
  if (!simdSupported()) return;
  const by = compiled.profile(x).flatMap(({ name, by: way }) => (/conv|ool|ixels/.test(name) ? way : []));
  expect(by).toEqual(["engine", "engine", "engine", "engine", "engine"]);
});

test("a declaration that does not fit the shapes, or a tensor without elements, is left to the loop", () => {
  const { kernel } = convolve.spec as unknown as { readonly kernel: AnyKernel };
  const window = {
    image: [5, 5],
    kernel: [3, 3],
    out: [3, 3],
    stride: [1, 1],
    dilation: [1, 1],
    before: [0, 0],
  };
  const lower = (inputs: readonly Shape[], out: Shape, params: object): unknown =>
    lowerOp(kernel, inputs, out, { ...window, groups: 1, ...params });
  const [image, weights, positions] = [
    [2, 5, 5, 4],
    [3, 3, 4, 6],
    [2, 3, 3, 6],
  ];
  expect(lower([image, weights], positions, {})).not.toBeNull();
  expect(lower([image, weights], [2, 3, 3, 5], {})).toBeNull();
  expect(lower([image, [3, 3, 4, 5]], positions, {})).toBeNull();
  expect(lower([[2, 5, 4, 4], weights], positions, {})).toBeNull();
  expect(lower([image, weights], positions, { groups: 2 })).toBeNull();
  expect(lower([image, weights], positions, { out: [4, 3] })).toBeNull();
  expect(lower([[0, 5, 5, 4], weights], [0, 3, 3, 6], {})).toBeNull();
});

test("if there is no room for a module, there is no program", () => {
  const engine = wasmEngine();
  if (!engine) return;
  const module = { digits: "", bytes: "" };
  const heap = vi.spyOn(engine.heap, "allocate").mockReturnValue(null);
  try {
    expect(engine.program([{ words: [], numbers: [], work: 1, module }])).toBeNull();
  } finally {
    heap.mockRestore();
  }
});
