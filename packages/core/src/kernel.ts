import type { Shape } from "./shape.ts";

/**
 * The part of a declaration for speed: the instruction of an engine that gives the same bits as the loop, and the numbers
 * it needs. Core does not use it and runs the loop; an engine without the instruction runs the loop too. The loop is the
 * specification. Instructions: docs/instructions.md.
 */
export type OpKernel<P = void> =
  | {
      /** out = f(inputs), element by element, the inputs broadcast to the shape of the result. */
      readonly layout: "elementwise";
      readonly instruction: string;
      /** The numbers of f: constants, and params by name. Default none. */
      readonly numbers?: readonly KernelNumber<P>[];
    }
  | {
      /**
       * - reduction: reduces the only input over the axes in the param `axes`.
       * - rows: maps each row of the only input along the param `axis` to a row of the result.
       */
      readonly layout: "reduction" | "rows";
      readonly instruction: string;
    }
  | {
      /** The result is drawn from the random stream in the param `rng`. */
      readonly layout: "draw";
      readonly instruction: string;
      readonly numbers: readonly KernelNumber<P>[];
    }
  | {
      /**
       * - product: the matrix product, with the params of `matmul`.
       * - sameNumbers: the result has the numbers of the only input, in the same order, under another shape.
       */
      readonly layout: "product" | "sameNumbers";
    }
  | {
      /** The result has elements of the only input, in another order. */
      readonly layout: "strided";
      /**
       * Where element i of the result lies in x; or, with a second walk, where element i of x lies in x and in the result, whose
       * other elements are 0; null if the loop must run.
       */
      walks(x: Shape, out: Shape, params: P): readonly [inX: Walk, inOut?: Walk] | null;
    }
  | {
      /** The op comes with a module of instructions that few programs need. */
      readonly layout: "module";
      readonly module: KernelModule;
      /** The instruction for these shapes and params; null if the loop must run. */
      instruction(inputs: readonly Shape[], out: Shape, params: P): ModuleInstruction | null;
    };

/** Element i lies at start + Σ i·steps: one step for each axis, in elements. */
export type Walk = readonly [start: number, steps: readonly number[]];

/**
 * A WebAssembly module as text: `bytes` is made of the characters in `digits`, as tools/build/build-kernels.ts has it. It imports
 * the memory, has no data, and exports `execute(instruction, thread, threads, scratch)`.
 */
export interface KernelModule {
  readonly digits: string;
  readonly bytes: string;
}

/** An instruction of a {@link KernelModule}. */
export interface ModuleInstruction {
  readonly opcode: number;
  /** Its words behind the addresses of the module, the result and the inputs. */
  readonly words: readonly number[];
  /** How many terms it computes. */
  readonly work: number;
}

/** The kernel of an op with any params. */
export type AnyKernel = OpKernel<Readonly<Record<string, unknown>>>;

/** A constant, or the name of a param. */
export type KernelNumber<P> = number | (keyof P & string);

/** A random stream that can skip its next numbers, so that an engine computes them. */
export interface Stream {
  /** Returns the key and the position of the stream, then skips `count` numbers. */
  take(count: number): { readonly key0: number; readonly key1: number; readonly position: number };
}

/** The kernel of an update: an instruction, and its names for the tensors that the update reads and writes. */
export interface UpdateKernel {
  readonly instruction: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Its constants. Default none. */
  readonly numbers?: readonly number[];
}
