import { check, noMore, randomStream, ranges, resolveOptions, sizeOf, tensor } from "@gradus/core";
import { fansOf, type Initializer } from "./initialize.ts";
import { refuseUncalled } from "./uncalled.ts";

/**
 * A random orthogonal matrix times `gain`: the columns of W [in, out] are orthonormal if in ≥ out (WᵀW =
 * gain²·I), else the rows (WWᵀ = gain²·I). Leading axes of a shape [..., in, out] count as part of `in`. All rotations
 * are equally likely.
 *
 * Modified Gram–Schmidt orthonormalises a matrix of independent normal numbers. It makes the diagonal of R positive,
 * which the uniform distribution needs (Mezzadri 2007, How to generate random matrices from the classical compact groups,
 * §5). A vector that lost more than half its length is orthogonalised again (Parlett 1980, The Symmetric Eigenvalue
 * Problem, §6-9: twice is enough), so that its products with the others are 0 within rounding.
 *
 * Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep linear
 * neural networks.
 *
 * @param options `gain`: factor of the result, finite. Default 1.
 * @throws ShapeError for a shape of rank 0 or 1.
 * @example new Dense(256, 256, { rng, init: orthogonal() });
 */
export function orthogonal(
  options: { readonly gain?: number } = {},
  ...extra: readonly undefined[]
): Initializer {
  refuseUncalled("orthogonal", options, "orthogonal()");
  noMore("orthogonal", "options", extra);
  const range = { gain: ranges.finite };
  const { gain } = resolveOptions<{ gain: number }>("orthogonal", options, { gain: 1 }, range);
  return (shape, rng, ...more: readonly unknown[]) => {
    noMore("orthogonal(options)", "shape, rng", more);
    check("orthogonal", "rng", rng, randomStream);
    fansOf(shape, "orthogonal");
    const columns = shape[shape.length - 1];
    const rows = sizeOf(shape.slice(0, -1));
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const q = rng.normal([count, length]).data;
    for (let j = 0; j < count; j++) orthonormalise(q, j, length);
    const out = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        out[i * columns + j] = gain * (rows < columns ? q[i * length + j] : q[j * length + i]);
      }
    }
    return tensor(out, shape);
  };
}

/** Makes vector j of q orthogonal to the orthonormal vectors before it, and of length 1. */
function orthonormalise(q: Float64Array, j: number, length: number): void {
  const at = j * length;
  let before = norm(q, at, length);
  for (;;) {
    for (let i = 0; i < j; i++) {
      let product = 0;
      for (let k = 0; k < length; k++) product += q[i * length + k] * q[at + k];
      for (let k = 0; k < length; k++) q[at + k] -= product * q[i * length + k];
    }
    const after = norm(q, at, length);
    if (after > 0.5 * before || after === 0) break;
    before = after;
  }
  const scale = norm(q, at, length);
  for (let k = 0; k < length; k++) q[at + k] /= scale;
}

function norm(q: Float64Array, at: number, length: number): number {
  let total = 0;
  for (let k = 0; k < length; k++) total += q[at + k] * q[at + k];
  return Math.sqrt(total);
}
