import type { KernelModule } from "@gradus/core";
import { completeLogTable } from "@gradus/core/internal";
import { warnOnce } from "../warn-once.ts";
import { INSTRUCTION_BYTES, logarithmic, NUMBERS_AT } from "./encoders.generated.ts";
import { Heap } from "./heap.ts";
import type { Instruction, Program } from "./instruction.ts";
import { createInstance, createMemory, decode, type KernelExports, type SharedMemory } from "./module.ts";
import type { Threads } from "./threads.ts";

/** Terms to compute from which on it is worth waking the other threads. */
const HEAVY = 8192;

/** Takes memory that it can do without. */
export interface MemoryHolder {
  /** When it was used last: smaller is longer ago. */
  readonly lastUse: number;
  /** Whether it is in use now. */
  readonly busy: boolean;
  release(): void;
}

/** Says that the plain loops take over because there is no room in the memory of the engine. */
export function warnFull(): void {
  warnOnce(
    "gradus: the memory of the SIMD kernels is full; the plain loops do the rest, with the same numbers but slower. Call " +
      "release() of compiled functions that are not needed any more, or use smaller batches",
  );
}

/** The SIMD kernels as an engine: one memory for all numbers and programs. */
export class WasmEngine {
  readonly memory: SharedMemory = createMemory();
  readonly instance: KernelExports = createInstance(this.memory);
  readonly heap: Heap = new Heap(this.memory, this.instance.heapBase());
  /** The threads that share the work; null for one thread. */
  team: Threads | null = null;
  /** Where memory is taken back when there is no more: from the one that was used least recently. */
  readonly holders: Set<MemoryHolder> = new Set();
  #hasLogTable = false;
  /** Where the modules that came with ops are: the length of the code in bytes, 4 bytes, and the code. */
  readonly #modules = new Map<KernelModule, number>();

  constructor() {
    this.instance.initialize(this.heap.allocate(this.instance.scratchBytes()) as number);
  }

  allocate(length: number): Float64Array | null {
    const at = this.#take(8 * length);
    return at === null ? null : this.heap.numbers(at, length);
  }

  release(block: Float64Array): void {
    this.heap.release(block.byteOffset);
  }

  program(instructions: readonly Instruction[]): Program | null {
    for (const { module } of instructions) {
      if (!module || this.#modules.has(module)) continue;
      const code = decode(module);
      const place = this.#take(4 + code.length);
      if (place === null) return null;
      new Int32Array(this.memory.buffer, place, 1)[0] = code.length;
      new Uint8Array(this.memory.buffer).set(code, place + 4);
      this.#modules.set(module, place);
    }
    const at = this.#take(INSTRUCTION_BYTES * instructions.length);
    if (at === null) return null;
    if (instructions.some(({ words: [opcode] }) => logarithmic.includes(opcode))) this.#writeLogTable();
    const { buffer } = this.memory;
    const count = instructions.length;
    const allWords = new Int32Array(buffer, at, (count * INSTRUCTION_BYTES) / 4);
    const allNumbers = new Float64Array(buffer, at, (count * INSTRUCTION_BYTES) / 8);
    const write = ({ words, numbers, module }: Instruction, i: number): void => {
      const [first, firstNumber] = [(i * INSTRUCTION_BYTES) / 4, (i * INSTRUCTION_BYTES + NUMBERS_AT) / 8];
      for (let j = 0; j < words.length; j++) allWords[first + j] = words[j];
      for (let j = 0; j < numbers.length; j++) allNumbers[firstNumber + j] = numbers[j];
      if (module) allWords[first + 1] = this.#modules.get(module) as number;
    };
    instructions.forEach(write);
    const refresh = instructions.flatMap(({ refresh: renew }, i) => (renew ? () => write(renew(), i) : []));
    const heavy = instructions.some(({ work }) => work >= HEAVY);
    return {
      run: () => {
        for (const renew of refresh) renew();
        const team = heavy ? this.team : null;
        if (team && !team.failure) team.run(at, count);
        else this.instance.run(at, count);
        if (team?.failure) warnOnce(team.failure.message);
      },
      release: () => this.heap.release(at),
    };
  }

  #take(bytes: number): number | null {
    for (;;) {
      const at = this.heap.allocate(bytes);
      if (at !== null) return at;
      const idle = [...this.holders].filter(({ busy }) => !busy);
      if (idle.length === 0) return null;
      const oldest = idle.reduce((a, b) => (b.lastUse < a.lastUse ? b : a));
      this.holders.delete(oldest);
      oldest.release();
    }
  }

  #writeLogTable(): void {
    if (this.#hasLogTable) return;
    const table = completeLogTable();
    new Float64Array(this.memory.buffer, this.instance.logTable(), table.length).set(table);
    this.#hasLogTable = true;
  }
}
