import { ArgumentError, type Op, type Shape, show, Tensor } from "@gradus/core";
import { allocate, defineOp } from "@gradus/core/internal";

/** 1 where the column is not greater than the row, else 0. */
export function lowerTriangle([rows, columns]: Shape): Tensor {
  const data = allocate("", [rows, columns]);
  for (let i = 0; i < rows; i++) data.fill(1, i * columns, i * columns + Math.min(i + 1, columns));
  return new Tensor(data, [rows, columns]);
}

/** A mask unchanged. An op, so that a compiled function checks the mask of each call. */
export const zeroOrOne: Op<[mask: Tensor]> = defineOp<[mask: Tensor]>({
  name: "mask",
  formula: "out = mask",
  shape: ([mask]) => mask,
  forward: ([{ data }], out) => {
    const wrong = data.findIndex((value) => value !== 0 && value !== 1);
    if (wrong >= 0)
      throw new ArgumentError(
        `a mask has 1 where a key is seen or a step counts, and 0 elsewhere, got ${show(data[wrong])}${wayTo01(data)}`,
      );
    out.set(data);
  },
  vjp: [null],
});

function wayTo01(data: Float64Array): string {
  const additive = data.every((value) => value === 0 || value === Number.NEGATIVE_INFINITY || value < -1e4);
  return additive ? "; equal(mask, 0) makes it from a mask that is added to the scores" : "";
}
