/** One thing to do, in the engine's terms. */
export interface Instruction {
  readonly opcode: number;
  /** Whole numbers: addresses, sizes, strides. */
  readonly words: readonly number[];
  readonly doubles: readonly number[];
  /** Writes `words` and `doubles` anew before each run, where they change from run to run. */
  readonly refresh?: (words: Int32Array, doubles: Float64Array) => void;
}

/** Instructions that are ready to run. */
export interface Program {
  run(): void;
  release(): void;
}

/** How an engine computes an op. */
export interface Lowering {
  /** Whether the result may overwrite an input of the same size, element by element. */
  readonly inPlace: boolean;
  /** The instructions for operands that lie in the engine's memory. */
  instructions(inputs: readonly Float64Array[], out: Float64Array): readonly Instruction[];
}

/** How an engine makes a change. */
export type UpdateLowering = (
  reads: readonly Float64Array[],
  writes: readonly Float64Array[],
) => readonly Instruction[];
