import { expect, test } from "vitest";
import { fillUniform } from "../../../core/src/threefry.ts";
import { expectSameBits, runShares, sizes } from "./shares.ts";

const keys = [
  [0, 0],
  [-1, -1],
  [0x13198a2e, 0x03707344],
  [-123456789, 2147483647],
] as const;

/** Both kinds of numbers from `position` on, against fillUniform and the plain loops of bernoulliMask and uniformNoise. */
function check(n: number, position: number, [key0, key1]: readonly [number, number]): void {
  const u = new Float64Array(n);
  fillUniform(u, position, key0, key1);
  for (const threads of [1, 2, 3]) {
    const out = new Float64Array(n).fill(7);
    const what = `${n} numbers from ${position} on, keys ${key0} and ${key1}, ${threads} threads`;
    const words = { out, length: n, key0, key1 };
    for (const probability of [0, 0.3, 1, u[0] ?? 0.5]) {
      runShares("bernoulli", words, [position, probability], threads);
      expectSameBits(
        out,
        u.map((value) => (value < probability ? 1 : 0)),
        `${what}, probability ${probability}`,
      );
    }
    for (const [low, high] of [
      [0, 1],
      [-0.3, 7.1],
      [1 / 8, 1 / 3],
      [-0, -0],
    ]) {
      runShares("uniform", words, [position, low, high], threads);
      expectSameBits(
        out,
        u.map((value) => low + (high - low) * value),
        `${what}, from ${low} to ${high}`,
      );
    }
  }
}

test("numbers have the bits of the plain loop, for every length and key", () => {
  for (const n of sizes) for (const key of keys) check(n, 0, key);
});

test("positions may lie anywhere below 2⁵³, and cross multiples of 2³²", () => {
  for (const multiple of [1, 2, 3, 2 ** 20, 2 ** 21 - 1]) {
    for (let before = 0; before < 12; before++) {
      for (const n of [1, 6, 13]) check(n, multiple * 2 ** 32 - before, keys[2]);
    }
    check(5000, multiple * 2 ** 32 - 2501, keys[3]);
    check(33, multiple * 2 ** 31 + 5, keys[1]);
  }
  check(1, 2 ** 53 - 1, keys[2]);
  check(8, 2 ** 53 - 8, keys[2]);
});

test("numbers lie in [0, 1), and their last bits are used", () => {
  const out = new Float64Array(10_000);
  runShares("uniform", { out, length: out.length, key0: 5, key1: 6 }, [0, 0, 1], 1);
  expect(out.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53))).toBe(true);
  expect(out.some((u) => (u * 2 ** 53) % 2 === 1)).toBe(true);
});
