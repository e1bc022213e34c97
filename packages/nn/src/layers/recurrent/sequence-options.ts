import {
  ArgumentError,
  formatShape,
  type Range,
  ranges,
  reshape,
  resolveOptions,
  type Shape,
  ShapeError,
  sameShape,
  slice,
  Tensor,
  tensor,
  zeros,
} from "@gradus/core";
import { zeroOrOne } from "../../ops/masks.ts";
import { checkLength, sequenceMask } from "../../ops/sequence-mask.ts";

/** Options of `run`. */
export interface SequenceOptions {
  /** The states before the first step, as `run` returns them: each [layers, n, size]. Default: zeros. */
  readonly states?: readonly Tensor[];
  /**
   * For padded sequences, how many steps of each count, from 0 to time: an array, or a tensor [n], which a compiled function
   * can take as an argument. The steps after them leave the states as they are.
   */
  readonly lengths?: Tensor | readonly number[];
  /** In place of `lengths`, for padding anywhere: [n, time], 0 for a step that leaves the states as they are, else 1. */
  readonly mask?: Tensor;
  /** Whether to go from the last step to the first; the output of a step stays at its place. Default false. */
  readonly reverse?: boolean;
}

/** What the checks need to know about a layer. */
interface Sized {
  readonly size: number;
  readonly layers: number;
  /** The names of the states. */
  readonly states: readonly string[];
}

/** The options, checked, as the steps need them. */
export interface Sequence {
  /** The states of each layer before the first step, each [n, size]. */
  readonly states: readonly (readonly Tensor[])[];
  /** Which steps count, [n, time, 1]; null for all. */
  readonly mask: Tensor | null;
  readonly reverse: boolean;
}

type Given = { -readonly [K in keyof SequenceOptions]: SequenceOptions[K] };

const allowed: Record<keyof SequenceOptions, Range> = {
  states: ranges.optional({
    says: "must be an array of tensors, as run returns them",
    admits: (list) => ranges.isListOf(list, (state) => state instanceof Tensor),
  }),
  lengths: ranges.optional({
    says: "must be an array of whole numbers or a tensor [n]",
    admits: (lengths) => Array.isArray(lengths) || lengths instanceof Tensor,
  }),
  mask: ranges.optional(ranges.instanceOf(Tensor, "must be a tensor [n, time]")),
  reverse: ranges.flag,
};

/** Checks the options of `run` for sequences [n, time, …]. */
export function takeSequence(layer: object, sized: Sized, given: unknown, [n, time]: Shape): Sequence {
  const options = resolveOptions<Given>(`${layer}`, given, { reverse: false }, allowed);
  const { states, lengths, mask, reverse } = options;
  if (lengths !== undefined && mask !== undefined) {
    throw new ArgumentError(`${layer}: takes lengths or a mask, not both; the lengths make a mask`);
  }
  const steps = lengths === undefined ? mask && zeroOrOne(mask) : maskOf(layer, lengths, n, time);
  if (steps && !sameShape(steps.shape, [n, time])) {
    throw new ShapeError(
      `${layer}: a mask for this input must be ${formatShape([n, time])}, [n, time], got ${formatShape(steps.shape)}`,
    );
  }
  return {
    states: statesOf(layer, sized, states, n),
    mask: steps ? reshape(steps, { shape: [n, time, 1] }) : null,
    reverse: reverse as boolean,
  };
}

function maskOf(layer: object, lengths: Tensor | readonly number[], n: number, time: number): Tensor {
  const shape = lengths instanceof Tensor ? lengths.shape : [lengths.length];
  if (!sameShape(shape, [n])) {
    throw new ShapeError(
      `${layer}: needs one length for each of the ${n} sequences, got ${
        lengths instanceof Tensor ? formatShape(shape) : lengths.length
      }`,
    );
  }
  if (lengths instanceof Tensor) return sequenceMask(lengths, { time });
  lengths.forEach((length, i) => {
    checkLength(length, i, time, `${layer}: `);
  });
  return sequenceMask(tensor(Float64Array.from(lengths), [n]), { time });
}

function statesOf(
  layer: object,
  { size, layers, states: names }: Sized,
  given: readonly Tensor[] | undefined,
  n: number,
): Tensor[][] {
  if (given === undefined) {
    const nothing = zeros([n, size]);
    return Array.from({ length: layers }, () => names.map(() => nothing));
  }
  const needed = `needs states [${names.join(", ")}], each ${formatShape([layers, n, size])}, [layers, n, size]`;
  if (given.length !== names.length) {
    throw new ArgumentError(`${layer}: ${needed}, got ${given.length} tensors`);
  }
  const wrong = given.findIndex(({ shape }) => !sameShape(shape, [layers, n, size]));
  if (wrong >= 0) {
    throw new ShapeError(
      `${layer}: ${needed}; ${names[wrong]} has the shape ${formatShape(given[wrong].shape)}`,
    );
  }
  return Array.from({ length: layers }, (_, i) =>
    given.map((state) => reshape(slice(state, { axis: 0, start: i, end: i + 1 }), { shape: [n, size] })),
  );
}
