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
    const [size, m, n] = [x.shape.at(-1), ...weight.shape];
    const matrices = weight.rank === 2 && bias.rank === 1;
    if (!matrices || size !== m || bias.shape[0] !== n) {
      const turned = matrices && size === n && bias.shape[0] === m;
      const hint = "; PyTorch's layout [out, in] is the other way round: transpose the weight";
      throw new ShapeError(`needs x [..., m], a weight [m, n] and a bias [n]${turned ? hint : ""}`);
    }
    return add(matmul(x, weight), bias);
  },
});
