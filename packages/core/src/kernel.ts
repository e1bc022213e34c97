/**
 * What a declaration says for the sake of speed: which instruction of an engine gives the same bits as its loop, and which
 * numbers the instruction needs. Core carries this as data and runs the loop; an engine that does not have the instruction
 * runs the loop too. The loop is the specification.
 *
 * Which instructions there are stands in docs/instructions.md.
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
       * - reduction: each element of the result comes from one run over the axes of the only input that the param `axes` names.
       * - rows: each row of the only input along the axis that the param `axis` names becomes a row of the result.
       */
      readonly layout: "reduction" | "rows";
      readonly instruction: string;
    }
  | {
      /** The result is drawn from the random stream that the param `rng` is. */
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
    };

/** The kernel of an op of any params. */
export type AnyKernel = OpKernel<Readonly<Record<string, unknown>>>;

/** A constant, or the name of a param. */
export type KernelNumber<P> = number | (keyof P & string);

/** A random stream that can hand over a stretch of its numbers without drawing them. */
export interface Stream {
  /** The key of the stream and the position of the first of the next `count` numbers; it moves on behind them. */
  take(count: number): { readonly key0: number; readonly key1: number; readonly position: number };
}

/** The same for an update: an instruction, and the names that it gives to what the update reads and writes. */
export interface UpdateKernel {
  readonly instruction: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** The numbers that never change. Default none. */
  readonly numbers?: readonly number[];
}
