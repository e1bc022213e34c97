import { completeLogTable } from "@gradus/core/internal";
import { Heap } from "./heap.ts";
import type { Instruction, Program } from "./instruction.ts";
import { createInstance, createMemory, type KernelExports, type SharedMemory } from "./module.ts";
import {
  DOUBLES_AT,
  GEMM,
  INSTRUCTION_BYTES,
  LOG,
  LOG_SIGMOID,
  LOG_SOFTMAX,
  LOG1P,
  MISH,
  SOFTPLUS,
  SUM,
} from "./opcodes.ts";
import type { Threads } from "./threads.ts";

/** What needs the table of logarithms, which takes 2 ms to compute. */
const LOGARITHMIC = [LOG, LOG1P, SOFTPLUS, LOG_SIGMOID, MISH, LOG_SOFTMAX];

/** The SIMD kernels as an engine: one memory for everything, and instructions that are addresses in it. */
export class WasmEngine {
  readonly memory: SharedMemory = createMemory();
  readonly instance: KernelExports = createInstance(this.memory);
  readonly heap: Heap = new Heap(this.memory, this.instance.heapBase());
  /** Who helps; null if nobody does. */
  team: Threads | null = null;
  #hasLogTable = false;

  constructor() {
    this.instance.initialize(this.heap.allocate(this.instance.scratchBytes()) as number);
  }

  allocate(length: number): Float64Array | null {
    const at = this.heap.allocate(8 * length);
    return at === null ? null : this.heap.numbers(at, length);
  }

  release(block: Float64Array): void {
    this.heap.release(block.byteOffset);
  }

  program(instructions: readonly Instruction[]): Program | null {
    const at = this.heap.allocate(INSTRUCTION_BYTES * instructions.length);
    if (at === null) return null;
    if (instructions.some(({ opcode }) => LOGARITHMIC.includes(opcode))) this.#writeLogTable();
    const { buffer } = this.memory;
    const refresh: (() => void)[] = [];
    instructions.forEach(({ opcode, words, doubles, refresh: renew }, i) => {
      const start = at + i * INSTRUCTION_BYTES;
      const whole = new Int32Array(buffer, start, DOUBLES_AT / 4);
      const real = new Float64Array(buffer, start + DOUBLES_AT, (INSTRUCTION_BYTES - DOUBLES_AT) / 8);
      whole.fill(0);
      whole[0] = opcode;
      whole.set(words, 1);
      real.set(doubles);
      if (renew) refresh.push(() => renew(whole.subarray(1), real));
    });
    const count = instructions.length;
    const shared = instructions.some((instruction) => isHeavy(instruction));
    return {
      run: () => {
        for (const renew of refresh) renew();
        if (shared && this.team) this.team.run(at, count);
        else this.instance.run(at, count);
      },
      release: () => this.heap.release(at),
    };
  }

  #writeLogTable(): void {
    if (this.#hasLogTable) return;
    const table = completeLogTable();
    new Float64Array(this.memory.buffer, this.instance.logTable(), table.length).set(table);
    this.#hasLogTable = true;
  }
}

/** Elements or steps of a sum from which on it is worth waking the other threads. */
const HEAVY = 8192;

/** Two sizes of the result stand in the words; of a product and a sum, also how many terms each element has. */
function isHeavy({ opcode, words }: Instruction): boolean {
  const terms = opcode === GEMM || opcode === SUM ? words[4] : 1;
  return Math.max(1, words[1]) * Math.max(1, words[2]) * Math.max(1, terms) >= HEAVY;
}
