import type { AnyKernel, UpdateKernel } from "../kernel.ts";
import type { Shape } from "../shape.ts";

/**
 * The few loops that decide how fast gradus is, behind one small interface over `Float64Array`.
 *
 * `reference.ts` is the specification: any other implementation must return the same bits, which is possible
 * because each output is defined as one sum in a fixed order. So which one runs is invisible, and parity tests use
 * exact equality.
 */
export interface Kernels {
  readonly name: string;

  /**
   * Matrix product out[m,n] = op(a)·op(b), row-major, `out` overwritten, where op transposes if asked to: `a` is stored
   * as [m,k], or as [k,m] when `transposeA`; `b` as [k,n], or as [n,k] when `transposeB`. Each element of `out` is
   * 0 + a₀b₀ + a₁b₁ + …, terms added one at a time in increasing k.
   */
  gemm(a: Float64Array, b: Float64Array, out: Float64Array, options: GemmOptions): void;

  /** What runs compiled steps, if these kernels have more to offer than loops over arrays. */
  readonly engine?: Engine | undefined;
}

export interface GemmOptions {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** A machine with a memory of its own that runs lists of instructions in it. */
export interface Engine {
  /** Room for `length` numbers in its memory; null if there is none left. */
  allocate(length: number): Float64Array | null;
  /** Gives room back. */
  release(block: Float64Array): void;
  /** The instructions for an op that declares this kernel; null if the op's own loop must run. */
  lower(kernel: AnyKernel, inputs: readonly Shape[], outShape: Shape, params: unknown): Lowering | null;
  /** The instructions for an update that declares this kernel; null if its own loop must run. */
  lowerUpdate(kernel: UpdateKernel): UpdateLowering | null;
  /** Makes a list of instructions ready to run, again and again; null if there is no room for it. */
  program(instructions: readonly Instruction[]): Program | null;
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
