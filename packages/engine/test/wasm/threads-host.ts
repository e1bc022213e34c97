import { createInstance, createMemory } from "../../src/wasm/module.ts";
import { encode, INSTRUCTION_BYTES } from "./encode.ts";

export const N = 100;

/** An instruction: its name, and its words by name. */
type Named = readonly [name: string, words: Readonly<Record<string, number>>];

/** A memory with a single instance in it, and room to hand out. */
export function place() {
  const memory = createMemory(256);
  const alone = createInstance(memory);
  let at = Math.ceil(alone.heapBase() / 64) * 64;
  const taken = new Set<number>();
  const allocate = (bytes: number): number => {
    const block = at;
    at += Math.ceil(bytes / 64) * 64;
    if (at > memory.buffer.byteLength) throw new RangeError("the test's memory is full");
    taken.add(block);
    return block;
  };
  alone.initialize(allocate(alone.scratchBytes()));
  const program = (...instructions: Named[]): number => {
    const block = allocate(INSTRUCTION_BYTES * instructions.length);
    for (const [i, [name, words]] of instructions.entries()) {
      encode(memory, block + i * INSTRUCTION_BYTES, name, words);
    }
    return block;
  };
  const matrix = (fill = 0): number => {
    const block = allocate(8 * N * N);
    new Float64Array(memory.buffer, block, N * N).fill(fill);
    return block;
  };
  const numbers = (address: number): Float64Array => new Float64Array(memory.buffer, address, N * N);
  return { memory, alone, allocate, taken, program, matrix, numbers };
}

/** out = a·b, of N × N matrices. */
export const product = (out: number, x: number, y: number): Named => [
  "gemm",
  { out, rows: N, columns: N, terms: N, x, transposeX: 0, y, transposeY: 0, count: 1, stepX: 0, stepY: 0 },
];
export const elementwise = (name: string, out: number, x: number): Named => [
  name,
  { out, outRow: 8 * N * N, rows: 1, columns: N * N, x, xRow: 0, xColumn: 8 },
];
