import { type Format, names } from "./encoders.generated.ts";

/** One thing for the engine to do. */
export interface Instruction {
  /** Whole numbers of 4 bytes: the opcode, addresses, sizes, flags. */
  readonly words: readonly number[];
  readonly numbers: readonly number[];
  /** How many terms it computes. */
  readonly work: number;
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

/** Looks an instruction up; null if this format has none of that name. */
export function find(format: Format, name: string): Entry | null {
  const [first, list] = names[format];
  const entries = list.split(" ").map((text) => text.split(":"));
  const index = entries.findIndex((entry) => entry[0] === name);
  if (index < 0) return null;
  const [, count = 0, ...rest] = entries[index];
  return { opcode: first + index, count: Number(count), rest };
}

/** Whether these are numbers for an instruction that has `count`: infinite ones are, NaN is not, so the loop decides. */
export function areNumbers(values: readonly unknown[], count: number): values is readonly number[] {
  return (
    values.length === count && values.every((value) => typeof value === "number" && !Number.isNaN(value))
  );
}
