import fc from "fast-check";
import { expect, test } from "vitest";
import { blockedProduct, createRng, matmul, plainProduct, tensor, useProduct } from "../src/index.ts";

const side = fc.integer({ min: 0, max: 40 });

test("the blocked product has the bits of the plain loops, for every size and transposition", () => {
  fc.assert(
    fc.property(side, side, side, fc.boolean(), fc.boolean(), (m, k, n, transposeA, transposeB) => {
      const rng = createRng(`${m},${k},${n}`);
      const [a, b] = [rng.normal([m * k]).data, rng.normal([k * n]).data];
      const [plain, blocked] = [new Float64Array(m * n).fill(7), new Float64Array(m * n).fill(8)];
      plainProduct(a, b, plain, { m, k, n, transposeA, transposeB });
      blockedProduct(a, b, blocked, { m, k, n, transposeA, transposeB });
      expect(blocked.every((value, i) => Object.is(value, plain[i]))).toBe(true);
    }),
  );
});

test("the plain loops multiply matrices, transposed or not", () => {
  const a = Float64Array.of(1, 2, 3, 4, 5, 6); // [2,3], or [3,2] transposed
  const b = Float64Array.of(1, 0, 2, 1, 0, 3);
  const out = new Float64Array(4);
  const run = (options: object): number[] => {
    plainProduct(a, b, out, { m: 2, k: 3, n: 2, ...options });
    return [...out];
  };
  // [[1,2,3],[4,5,6]]·[[1,0],[2,1],[0,3]]
  expect(run({})).toEqual([5, 11, 14, 23]);
  // a as [[1,2],[3,4],[5,6]]ᵀ = [[1,3,5],[2,4,6]]
  expect(run({ transposeA: true })).toEqual([7, 18, 10, 22]);
  // b as [[1,0,2],[1,0,3]]ᵀ = [[1,1],[0,0],[2,3]]
  expect(run({ transposeB: true })).toEqual([7, 10, 16, 22]);
});

test("terms are added in increasing k", () => {
  const out = new Float64Array(1);
  // 1e16 + 1 is 1e16 again, so the order shows: (1 + 1e16) − 1e16 = 0, but 1e16 − 1e16 + 1 = 1.
  plainProduct(Float64Array.of(1, 1e16, -1e16), Float64Array.of(1, 1, 1), out, { m: 1, k: 3, n: 1 });
  expect(out[0]).toBe(0);
  plainProduct(Float64Array.of(1e16, -1e16, 1), Float64Array.of(1, 1, 1), out, { m: 1, k: 3, n: 1 });
  expect(out[0]).toBe(1);
});

test("ops use the product that was set; after the import, the blocked one", () => {
  const asked: unknown[] = [];
  const before = useProduct((...of) => {
    asked.push(of[3]);
    plainProduct(...of);
  });
  try {
    expect(before).toBe(blockedProduct);
    expect(matmul(tensor([[1, 2]]), tensor([[3], [4]])).item()).toBe(11);
    expect(asked).toMatchObject([{ m: 1, k: 2, n: 1 }]);
  } finally {
    useProduct(before);
  }
});
