import { plainProduct } from "@gradus/core";
import { expect, test } from "vitest";
import { createInstance, createMemory } from "../../src/wasm/module.ts";
import { encode, INSTRUCTION_BYTES } from "./encode.ts";
import { expectSameBits, numbers, ordinary } from "./shares.ts";

const memory = createMemory(256);
const kernels = createInstance(memory);
const instruction = Math.ceil(kernels.heapBase() / 64) * 64;
const scratch = instruction + Math.ceil(INSTRUCTION_BYTES / 64) * 64;
const heap = scratch + Math.ceil(kernels.scratchBytes() / 64) * 64;
const GUARD = -7.25;
kernels.initialize(scratch);

/** Writes `count` products, matrices `steps` bytes apart: of the flags, 1 transposes a and 2 transposes b. */
function write({
  m,
  k,
  n,
  out,
  a,
  b,
  flags,
  count = 1,
  steps = [0, 0],
}: Record<"m" | "k" | "n" | "out" | "a" | "b" | "flags", number> & {
  count?: number;
  steps?: readonly number[];
}): void {
  const transposes = { transposeX: flags & 1, transposeY: flags >> 1 };
  const batch = { count, stepX: steps[0], stepY: steps[1] };
  encode(memory, instruction, "gemm", {
    ...{ out, rows: m, columns: n, terms: k, x: a, y: b },
    ...transposes,
    ...batch,
  });
}

/**
 * Multiplies with the kernel, the shares of all threads one after the other, and with the plain loops, and compares the
 * bits, where all NaNs count as the same. Checks that nothing beside the result was written.
 */
function check(
  m: number,
  k: number,
  n: number,
  { threads = 1, numbersOf = ordinary }: { threads?: number; numbersOf?: typeof numbers } = {},
): void {
  const [a, b] = [numbersOf(m * k, m + 3 * k), numbersOf(k * n, n + 5 * k)];
  // Multiples of 8 but not of 16.
  const atA = heap + 8;
  const atB = atA + 8 * (a.length + 2);
  const atOut = atB + 8 * (b.length + 2);
  const expected = new Float64Array(m * n);
  const after = new Float64Array(memory.buffer, atOut - 8, m * n + 2);
  for (const flags of [0, 1, 2, 3]) {
    new Float64Array(memory.buffer, atA, a.length).set(a);
    new Float64Array(memory.buffer, atB, b.length).set(b);
    after.fill(GUARD);
    write({ m, k, n, out: atOut, a: atA, b: atB, flags });
    for (let thread = threads - 1; thread >= 0; thread--) kernels.execute(instruction, thread, threads);
    plainProduct(a, b, expected, { m, k, n, transposeA: flags % 2 === 1, transposeB: flags > 1 });
    const what = `[${m},${k}]·[${k},${n}], flags ${flags}, ${threads} threads`;
    const wrong = expected.findIndex((value, i) => !Object.is(value, after[i + 1]));
    expect(wrong < 0 ? what : `${what}: [${wrong}] is ${after[wrong + 1]}, not ${expected[wrong]}`).toBe(
      what,
    );
    expect([after[0], after.at(-1)], what).toEqual([GUARD, GUARD]);
    expect(new Float64Array(memory.buffer, atA, a.length).every((value, i) => Object.is(value, a[i]))).toBe(
      true,
    );
  }
}

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 127, 129];

test("products have the bits of the plain loops, for every size and transposition", () => {
  sizes.forEach((m, i) => {
    sizes.forEach((k, j) => {
      // Each pair of sizes for each two sides.
      check(m, k, sizes[(i + j) % sizes.length]);
    });
  });
});

test("sums that go on from block to block keep their order", () => {
  for (const k of [255, 256, 257, 511, 512, 513, 784, 1025]) {
    for (const [m, n] of [
      [1, 1],
      [5, 3],
      [4, 9],
      [33, 10],
    ]) {
      check(m, k, n);
    }
  }
});

test("either side may be larger than a block", () => {
  for (const [m, k, n] of [
    [2100, 9, 5],
    [5, 9, 8300],
    [130, 130, 520],
    [150, 260, 300],
    [9, 260, 600],
    [700, 33, 40],
  ]) {
    check(m, k, n);
  }
});

test("threads share a product without a gap or an overlap", () => {
  for (const threads of [2, 3]) {
    for (const [m, k, n] of [
      [0, 5, 7],
      [3, 2, 4],
      [64, 64, 64],
      [128, 300, 10],
      [10, 300, 128],
      [129, 31, 130],
      [130, 31, 129],
      [1, 200, 200],
      [200, 200, 1],
      [9, 2000, 9],
      [2, 5000, 2],
    ]) {
      check(m, k, n, { threads });
    }
  }
});

test("NaN, Infinity, −0 and subnormal numbers come out as they do from the plain loops", () => {
  for (const m of [1, 2, 3, 4, 5, 9, 33]) {
    for (const k of [1, 2, 3, 8, 33, 257]) {
      for (const n of [1, 2, 3, 4, 5, 9, 33])
        check(m, k, n, { numbersOf: (count, seed) => numbers(count, seed, 40) });
    }
  }
});

test("sums begin with 0, so that −0 alone makes 0, and an empty sum is 0", () => {
  for (const n of [1, 2, 3, 9, 33]) {
    check(n, 1, n, { numbersOf: (count, seed) => new Float64Array(count).fill(seed % 2 ? -0 : 5) });
    check(n, 300, n, { numbersOf: (count, seed) => new Float64Array(count).fill(seed % 2 ? -0 : 5) });
    check(n, 0, n);
  }
});

test("a sum meets its terms in increasing k, in small and in packed products", () => {
  for (const [m, n] of [
    [1, 1],
    [4, 4],
    [9, 9],
    [40, 40],
  ]) {
    // 1e16 + 1 is 1e16 again: the ones are lost before the two large numbers cancel, not after.
    const terms = [1, 1e16, 1, 1, -1e16, 1];
    check(m, 600, n, {
      numbersOf: (count, seed) => Float64Array.from({ length: count }, (_, i) => terms[(i * seed) % 6]),
    });
  }
});

test("operands may lie at the very end of the memory: nothing beyond them is read or written", () => {
  const end = memory.buffer.byteLength;
  for (const [m, k, n] of [
    [1, 1, 1],
    [1, 9, 7],
    [7, 9, 1],
    [5, 7, 9],
    [9, 31, 33],
    [33, 257, 6],
  ]) {
    for (const flags of [0, 1, 2, 3]) {
      const lengths = [m * k, k * n, m * n];
      for (const last of lengths.keys()) {
        const [a, b, out] = lengths.map((length, i) => (i === last ? end - 8 * length : heap + 200_000 * i));
        write({ m, k, n, out, a, b, flags });
        kernels.execute(instruction, 0, 1);
      }
    }
  }
});

test("a batch of products has the bits of each alone, broadcast or not, for 1 to 3 threads", () => {
  for (const [m, k, n] of [
    [1, 1, 1],
    [3, 5, 1],
    [1, 9, 7],
    [5, 7, 9],
    [9, 0, 4],
    [32, 16, 32],
    [33, 257, 6],
    [6, 33, 65],
  ]) {
    for (const count of [0, 1, 2, 3, 4, 7, 17]) {
      for (const [repeatA, repeatB] of [
        [0, 0],
        [0, 1],
        [1, 0],
      ]) {
        for (const threads of [1, 2, 3]) checkBatch([m, k, n], count, [!repeatA, !repeatB], threads);
      }
    }
  }
});

/** As `check`, with `count` pairs of matrices; an operand that does not advance is the same in all of them. */
function checkBatch(
  [m, k, n]: readonly number[],
  count: number,
  advances: readonly boolean[],
  threads: number,
): void {
  const lengths = [m * k, k * n];
  const [a, b] = lengths.map((length, i) => numbers(length * (advances[i] ? count : 1), 3 + i, 40));
  const atA = heap + 8;
  const atB = atA + 8 * (a.length + 2);
  const out = atB + 8 * (b.length + 2);
  new Float64Array(memory.buffer, atA, a.length).set(a);
  new Float64Array(memory.buffer, atB, b.length).set(b);
  const after = new Float64Array(memory.buffer, out - 8, count * m * n + 2);
  const steps = lengths.map((length, i) => (advances[i] ? length : 0));
  for (const flags of [0, 1, 2, 3]) {
    const expected = new Float64Array(count * m * n + 2).fill(GUARD);
    for (let i = 0; i < count; i++) {
      const place = expected.subarray(1 + i * m * n, 1 + (i + 1) * m * n);
      const [left, right] = [a.subarray(i * steps[0]), b.subarray(i * steps[1])];
      const [x, y] = [left.subarray(0, lengths[0]), right.subarray(0, lengths[1])];
      plainProduct(x, y, place, { m, k, n, transposeA: flags % 2 === 1, transposeB: flags > 1 });
    }
    after.fill(GUARD);
    write({ m, k, n, out, a: atA, b: atB, flags, count, steps: steps.map((step) => 8 * step) });
    for (let thread = threads - 1; thread >= 0; thread--) kernels.execute(instruction, thread, threads);
    expectSameBits(after, expected, `${count} × [${m},${k}]·[${k},${n}], flags ${flags}, ${threads} threads`);
  }
}
