import { deriveOp } from "../derived-op.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { unsqueeze } from "./shape-ops.ts";

/** Outer product, out[i,j] = x[i]·y[j].  Shapes: x [m], y [n] → [m, n].  @example outer(tensor([1, 2]), tensor([3, 4])); // [[3, 4], [6, 8]] */
export const outer: Op<[x: Tensor, y: Tensor]> = deriveOp<[x: Tensor, y: Tensor]>({
  name: "outer",
  formula: "out[i,j] = x[i]·y[j]",
  arity: 2,
  compute: ([x, y]) => {
    if (x.rank !== 1 || y.rank !== 1) throw new ShapeError("needs two vectors");
    return mul(unsqueeze(x, { axis: 1 }), y);
  },
});
