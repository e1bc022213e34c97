import { deriveOp } from "../derived-op.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { sub } from "./arithmetic.ts";
import { checkSameShape, type LossParams, REDUCTION, reduceLoss } from "./loss-reduction.ts";
import { square } from "./square.ts";

/**
 * Squared error, (x − target)².  Shapes: x and target equal → [] or, with reduction "none", their shape.
 *
 * @example mse(tensor([1, 2]), tensor([1, 4])); // 2
 */
export const mse: Op<[x: Tensor, target: Tensor], LossParams> = deriveOp<
  [x: Tensor, target: Tensor],
  LossParams
>({
  name: "mse",
  formula: "loss = (x − target)²",
  arity: 2,
  compute: ([x, target], { reduction }) => {
    checkSameShape(x, target);
    return reduceLoss(square(sub(x, target)), reduction);
  },
  ranges: { reduction: REDUCTION },
  defaults: { reduction: "mean" },
});
