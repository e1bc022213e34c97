import fc from "fast-check";
import { afterAll, beforeAll, expect, vi } from "vitest";

// Properties are tried on the same examples in every run; FUZZ_SEED=… tries others.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20261121) });

// NO_SIMD=1: as on an engine without WebAssembly SIMD. Everything must pass on the plain loops too.
if (process.env.NO_SIMD) Object.assign(Reflect.get(globalThis, "WebAssembly"), { validate: () => false });

// Other files follow in the same process: none may leave behind what they do not expect.
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
