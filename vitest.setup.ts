import fc from "fast-check";
import { afterAll, beforeAll, expect, vi } from "vitest";

// Properties are tested on the same examples in every run; FUZZ_SEED=… gives others.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20261121) });

// NO_SIMD=1: run without WebAssembly SIMD. All tests must pass with the plain loops too.
if (process.env.NO_SIMD) Object.assign(Reflect.get(globalThis, "WebAssembly"), { validate: () => false });

// Other files run later in the same process: every file must restore the kernels, the folder and the environment.
const { plainProduct, useProduct } = await import("@gradus/core");
const product = (): unknown => {
  const current = useProduct(plainProduct);
  useProduct(current);
  return current;
};
let before: unknown;
beforeAll(() => {
  before = { product: product(), folder: process.cwd(), env: { ...process.env } };
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  const after = { product: product(), folder: process.cwd(), env: { ...process.env } };
  expect(after, "what the tests of this file leave behind").toEqual(before);
});
