import { ArgumentError, type Op, ranges, ShapeError, show, type Tensor } from "@gradus/core";
import { defineOp } from "@gradus/core/internal";

/** Params of {@link sequenceMask}. */
export interface SequenceMaskParams {
  /** The number of steps: the longest length there may be. */
  readonly time: number;
}

/**
 * Which steps of padded sequences count: 1 for the first `lengths[i]` steps of sequence i, 0 for the padding after them. It
 * also serves as the weights of `weightedMean`. No gradient flows to the lengths.  Shapes: lengths [n] → [n, time].
 *
 * @throws ArgumentError for a length that is not a whole number from 0 to `time`, with its position.
 * @example sequenceMask(tensor([1, 3]), { time: 3 }); // [[1, 0, 0], [1, 1, 1]]
 */
export const sequenceMask: Op<[lengths: Tensor], SequenceMaskParams> = defineOp<
  [lengths: Tensor],
  SequenceMaskParams
>({
  name: "sequenceMask",
  formula: "out[i, t] = 1 where t < lengths[i], else 0",
  shape: ([lengths], { time }) => {
    if (lengths.length !== 1) throw new ShapeError("needs lengths [n], one for each sequence");
    return [lengths[0], time];
  },
  forward: ([{ data }], out, _, { time }) => {
    data.forEach((length, i) => {
      checkLength(length, i, time);
      out.fill(1, i * time, i * time + length);
    });
  },
  vjp: [null],
  ranges: { time: ranges.count },
  required: ["time"],
});

/** Throws unless the length of sequence i is a whole number from 0 to `time`. */
export function checkLength(length: number, i: number, time: number, who = ""): void {
  if (Number.isInteger(length) && length >= 0 && length <= time) return;
  const steps = `the sequences have ${time} step${time === 1 ? "" : "s"}`;
  throw new ArgumentError(
    `${who}a length must be a whole number from 0 to ${time}, because ${steps}; length ${i} is ${show(length)}`,
  );
}
