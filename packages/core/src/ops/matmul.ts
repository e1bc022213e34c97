import { defineOp, type Op } from "../op.ts";
import { activeProduct, batchOffsets, type MatmulParams, productOf } from "../product.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

/**
 * Matrix product, out = x·y.
 *
 * Shapes: x [m, k], y [k, n] → [m, n]. Leading axes are batches and broadcast: x [b, m, k], y [k, n] → [b, m, n].
 * A vector counts as a row on the left and as a column on the right, and that axis is dropped again: [k]·[k] → [].
 * Each element is summed in increasing k.
 *
 * @param params `transposeX`, `transposeY` (default false): swap the last two axes of that side first.
 * @throws ShapeError if the inner sizes differ or a side is a scalar.
 * @example matmul(tensor([[1, 2]]), tensor([[3], [4]])); // [[11]]
 */
export const matmul: Op<[x: Tensor, y: Tensor], MatmulParams> = defineOp<
  [x: Tensor, y: Tensor],
  MatmulParams
>({
  name: "matmul",
  formula: "out[i,j] = Σₖ x[i,k]·y[k,j]",
  shape: ([x, y], params) => {
    const { batch, m, n } = productOf(x, y, params);
    return [...batch, ...(x.length === 1 ? [] : [m]), ...(y.length === 1 ? [] : [n])];
  },
  forward: ([x, y], out, _, params) => {
    const product = productOf(x.shape, y.shape, params);
    const { batch, m, k, n } = product;
    if (out.length === 0) return;
    const offsetsX = batchOffsets(x.shape, batch, m * k);
    const offsetsY = batchOffsets(y.shape, batch, k * n);
    offsetsX.forEach((a, i) => {
      const b = offsetsY[i];
      activeProduct.run(
        x.data.subarray(a, a + m * k),
        y.data.subarray(b, b + k * n),
        out.subarray(i * m * n, (i + 1) * m * n),
        product,
      );
    });
  },
  kernel: { layout: "product" },
  // d(x·y) = dx·y + x·dy, hence g·yᵀ for x and xᵀ·g for y; with a transposed side, the transpose of that.
  vjp: [
    (g, { inputs: [x, y], params }) => {
      const { transposeX, transposeY } = params;
      const [b, G] = [asMatrix(y, [y.size, 1]), resultMatrix(g, x.shape, y.shape, params)];
      return transposeX
        ? matmul(b, G, { transposeX: transposeY, transposeY: true })
        : matmul(G, b, { transposeY: !transposeY });
    },
    (g, { inputs: [x, y], params }) => {
      const { transposeX, transposeY } = params;
      const [a, G] = [asMatrix(x, [1, x.size]), resultMatrix(g, x.shape, y.shape, params)];
      const gradient = transposeY
        ? matmul(G, a, { transposeX: true, transposeY: transposeX })
        : matmul(a, G, { transposeX: !transposeX });
      return y.rank === 1 ? reshape(gradient, { shape: gradient.shape.slice(0, -1) }) : gradient;
    },
  ],
  ranges: { transposeX: "flag", transposeY: "flag" },
  defaults: { transposeX: false, transposeY: false },
});

/** A vector as a matrix of this shape, a row or a column. */
function asMatrix(x: Tensor, shape: Shape): Tensor {
  return x.rank === 1 ? reshape(x, { shape }) : x;
}

/** The gradient of the result with the axes back that a vector side had dropped. */
function resultMatrix(g: Tensor, x: Shape, y: Shape, params: Required<MatmulParams>): Tensor {
  const { batch, m, n } = productOf(x, y, params);
  return reshape(g, { shape: [...batch, m, n] });
}
