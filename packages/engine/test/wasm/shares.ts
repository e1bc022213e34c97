import { expect } from "vitest";
import { encode, formatOf, INSTRUCTION_BYTES } from "./encode.ts";
import { kernelExports } from "./instance.ts";

/** The words of an instruction by name; an array is handed over by its address. */
export type TestWords = Readonly<Record<string, number | Float64Array>>;

const { memory, module, heapBase, execute } = kernelExports();
const GUARD = -7.25;

/**
 * Runs an instruction, the shares of all threads one after the other in one instance, the last one first. The arrays are
 * copied in and, changed, out again. Checks that nothing beside them was written. Their addresses are multiples of 8 but
 * not of 16.
 */
export function runShares(name: string, words: TestWords, numbers: readonly number[], threads: number): void {
  const arrays = new Map<Float64Array, number>();
  let at = Math.ceil((heapBase + INSTRUCTION_BYTES) / 16) * 16 + 8;
  for (const array of Object.values(words)) {
    if (typeof array === "number" || arrays.has(array)) continue;
    arrays.set(array, at);
    at += Math.ceil((array.length + 2) / 2) * 16; // at least one number between two arrays
  }
  if (at + 16 > memory.buffer.byteLength) {
    memory.grow(Math.ceil((at + 16 - memory.buffer.byteLength) / 65536));
  }
  const addresses = Object.entries(words).map(([word, value]) => [
    word,
    typeof value === "number" ? value : (arrays.get(value) as number),
  ]);
  const all = Object.fromEntries(addresses);
  encode(memory, heapBase, name, formatOf(name).module ? { module, ...all } : all, numbers);
  const start = [...arrays.values()][0] ?? at;
  const heap = new Float64Array(memory.buffer, start - 8, (at + 8 - start) / 8);
  heap.fill(GUARD);
  for (const [array, pointer] of arrays) new Float64Array(memory.buffer, pointer, array.length).set(array);
  for (let thread = threads - 1; thread >= 0; thread--) execute(heapBase, thread, threads);
  for (const [array, pointer] of arrays) {
    const place = new Float64Array(memory.buffer, pointer, array.length);
    array.set(place);
    place.fill(GUARD);
  }
  expect(heap.every((value) => value === GUARD)).toBe(true);
}

/** Expects the same bits in all places, where all NaNs count as the same. */
export function expectSameBits(actual: Float64Array, expected: Float64Array, what: string): void {
  expect(actual.length).toBe(expected.length);
  const i = actual.findIndex((value, k) => !Object.is(value, expected[k]));
  expect(i < 0 ? what : `${what}: [${i}] is ${actual[i]}, not ${expected[i]}`).toBe(what);
}

/** Lengths around the widths of all loops. Those from 5000 on are shared among threads. */
export const sizes = [0, 1, 2, 3, 5, 7, 8, 9, 31, 33, 127, 129, 513, 5000, 10_007];

/** Special values of arithmetic. */
export const specials = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
  -5e-324,
  2e-308,
  1e-160,
  1e160,
  -1e308,
];

/** Numbers of all magnitudes from a fixed sequence; one in `every` is special. */
export function numbers(n: number, seed: number, every = 7): Float64Array {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float64Array.from({ length: n }, () => {
    const value = (next() - 0.5) * 2 ** Math.floor(8 * next() - 6);
    const pick = Math.floor(next() * every * specials.length);
    return pick < specials.length ? specials[pick] : value;
  });
}

/** Ordinary numbers alone. */
export function ordinary(n: number, seed: number): Float64Array {
  return numbers(n, seed, 1e9);
}
