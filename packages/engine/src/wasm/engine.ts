import { completeLogTable } from "@gradus/core/internal";
import { INSTRUCTION_BYTES, logarithmic, NUMBERS_AT } from "./encoders.generated.ts";
import { Heap } from "./heap.ts";
import type { Instruction, Program } from "./instruction.ts";
import { createInstance, createMemory, type KernelExports, type SharedMemory } from "./module.ts";
import type { Threads } from "./threads.ts";

/** Terms to compute from which on it is worth waking the other threads. */
const HEAVY = 8192;

/** The SIMD kernels as an engine: one memory for all numbers and programs. */
export class WasmEngine {
  readonly memory: SharedMemory = createMemory();
  readonly instance: KernelExports = createInstance(this.memory);
  readonly heap: Heap = new Heap(this.memory, this.instance.heapBase());
  /** The threads that share the work; null for one thread. */
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
    if (instructions.some(({ words: [opcode] }) => logarithmic.includes(opcode))) this.#writeLogTable();
    const { buffer } = this.memory;
    const write = ({ words, numbers }: Instruction, i: number): void => {
      const start = at + i * INSTRUCTION_BYTES;
      new Int32Array(buffer, start, words.length).set(words);
      new Float64Array(buffer, start + NUMBERS_AT, numbers.length).set(numbers);
    };
    instructions.forEach(write);
    const refresh = instructions.flatMap(({ refresh: renew }, i) => (renew ? () => write(renew(), i) : []));
    const count = instructions.length;
    const heavy = instructions.some(({ work }) => work >= HEAVY);
    return {
      run: () => {
        for (const renew of refresh) renew();
        if (heavy && this.team) this.team.run(at, count);
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
