import { deriveOp } from "../derived-op.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";

/**
 * The map of a dense layer, out = x·W + b.
 *
 * Shapes: x [..., m], weight [m, n], bias [n] → [..., n]; in PyTorch the weight is [n, m].
 *
 * @throws ShapeError if the sizes do not fit.
 * @example linear(tensor([[1, 2]]), tensor([[3], [4]]), tensor([5])); // [[16]]
 */
export const linear: Op<[x: Tensor, weight: Tensor, bias: Tensor]> = deriveOp<
  [x: Tensor, weight: Tensor, bias: Tensor]
>({
  name: "linear",
  formula: "out = x·W + b",
  arity: 3,
  compute: ([x, weight, bias]) => {
    if (weight.rank !== 2 || bias.rank !== 1 || bias.shape[0] !== weight.shape[1]) {
      throw new ShapeError("needs a weight [m,n] and a bias [n]");
    }
    return add(matmul(x, weight), bias);
  },
});
