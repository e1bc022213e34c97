import type { KernelModule } from "@gradus/core";
import { encodeReduction, type Format, names } from "./encoders.generated.ts";

/** One thing for the engine to do. */
export interface Instruction {
  /** Whole numbers of 4 bytes: the opcode, addresses, sizes, flags. */
  readonly words: readonly number[];
  readonly numbers: readonly number[];
  /** How many terms it computes. */
  readonly work: number;
  /** The module that has it, whose address the engine writes after the opcode. Default: the engine's own. */
  readonly module?: KernelModule;
  /** Makes it anew before each run, where it changes from run to run. */
  readonly refresh?: () => Instruction;
}

/** Instructions that are ready to run. */
export interface Program {
  run(): void;
  release(): void;
}

/** How the engine does a step. */
export interface Lowering {
  /** Whether the result may overwrite an input of the same size, element by element. */
  readonly inPlace: boolean;
  /** The instructions for operands that lie in the engine's memory: those that are read, and those that are written. */
  instructions(reads: readonly Float64Array[], writes: readonly Float64Array[]): readonly Instruction[];
}

/** The entry of an instruction in `names` of the generated encoders. */
export interface Entry {
  readonly opcode: number;
  /** How many numbers it has. */
  readonly count: number;
  readonly rest: readonly string[];
}

/** The entries of each format that was asked for. */
const entries = new Map<Format, ReadonlyMap<string, Entry>>();

/** Looks an instruction up; null if this format has none of that name. */
export function find(format: Format, name: string): Entry | null {
  const known = entries.get(format) ?? parsed(format);
  return known.get(name) ?? null;
}

function parsed(format: Format): ReadonlyMap<string, Entry> {
  const [first, list] = names[format];
  const table = new Map<string, Entry>();
  list.split(" ").forEach((text, index) => {
    const [name, count = 0, ...rest] = text.split(":");
    table.set(name, { opcode: first + index, count: Number(count), rest });
  });
  entries.set(format, table);
  return table;
}

/** Makes `length` numbers 0, the sum of nothing. */
export function zeros(at: number, length: number): Instruction {
  return encodeReduction(find("reduction", "sum")!.opcode, at, 1, length, 0, at);
}

/** Whether these are numbers for an instruction that has `count`: infinite ones are, NaN is not, so the loop decides. */
export function areNumbers(values: readonly unknown[], count: number): values is readonly number[] {
  return (
    values.length === count && values.every((value) => typeof value === "number" && !Number.isNaN(value))
  );
}
