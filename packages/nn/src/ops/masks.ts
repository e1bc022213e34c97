import { ArgumentError, defineOp, type Op, type Shape, ShapeError, show, Tensor } from "@gradus/core";

/** Params of {@link sequenceMask}. */
export interface SequenceMaskParams {
  /** The number of steps of the padded sequences, ≥ 0. */
  readonly time: number;
}

/**
 * Which steps of padded sequences are real: 1 for the first `length` steps of each sequence, else 0. It also serves as the weights of
 * a loss, see `weightedMean`.  Shapes: lengths [n] → [n, time].  No gradient.
 *
 * @throws ArgumentError for a length that is not a whole number from 0 to time.
 * @example sequenceMask(tensor([2, 3]), { time: 3 }); // [[1, 1, 0], [1, 1, 1]]
 */
export const sequenceMask: Op<[lengths: Tensor], SequenceMaskParams> = defineOp<
  [lengths: Tensor],
  SequenceMaskParams
>({
  name: "sequenceMask",
  formula: "out[i, t] = 1 where t < lengths[i], else 0",
  shape: ([lengths], { time }) => {
    if (!(time >= 0)) throw new ArgumentError(`time must be ≥ 0, got ${show(time)}`);
    if (lengths.length !== 1) throw new ShapeError("lengths must be [n], one number for each sequence");
    return [lengths[0], time];
  },
  forward: ([{ data }], out, _, { time }) => {
    data.forEach((length, i) => {
      if (!(Number.isInteger(length) && length >= 0 && length <= time)) {
        throw new ArgumentError(
          `a length must be a whole number from 0 to ${time}, got ${show(length)} at [${i}]`,
        );
      }
      out.fill(1, i * time, i * time + length);
    });
  },
  vjp: [null],
  ranges: { time: "whole" },
  required: ["time"],
});

/** 1 where the column is not greater than the row, else 0. */
export function lowerTriangle([rows, columns]: Shape): Tensor {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) data.fill(1, i * columns, i * columns + Math.min(i + 1, columns));
  return new Tensor(data, [rows, columns]);
}

/** A mask unchanged. An op, so that a compiled function checks the mask of each call. */
export const zeroOrOne: Op<[mask: Tensor]> = defineOp<[mask: Tensor]>({
  name: "attentionMask",
  formula: "out = mask",
  shape: ([mask]) => mask,
  forward: ([{ data }], out) => {
    const wrong = data.findIndex((value) => value !== 0 && value !== 1);
    if (wrong >= 0)
      throw new ArgumentError(
        `a mask has 1 where a query sees a key and 0 elsewhere, got ${show(data[wrong])}${wayTo01(data)}`,
      );
    out.set(data);
  },
  vjp: [null],
});

function wayTo01(data: Float64Array): string {
  const additive = data.every((value) => value === 0 || value === Number.NEGATIVE_INFINITY || value < -1e4);
  return additive ? "; equal(mask, 0) makes it from a mask that is added to the scores" : "";
}
