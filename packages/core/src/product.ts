import { checks } from "./checks.ts";
import { ShapeError } from "./errors.ts";
import { broadcastShapes, broadcastStrides, type Shape } from "./shape.ts";

/** Which side of a product is used transposed (its last two axes swapped), without being copied. */
export interface MatmulParams {
  readonly transposeX?: boolean;
  readonly transposeY?: boolean;
}

/** The sizes of a product a·b of two matrices, [m, k] by [k, n] (of each batch entry of x and y), and which one is stored transposed. */
export interface ProductSizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** The sizes of [..., m, k] by [..., k, n]: one product for each entry of the batch. */
export interface Product extends ProductSizes {
  readonly batch: Shape;
}

/** The sizes for operands of shapes x and y. @throws ShapeError if the inner sizes differ. */
export function productOf(x: Shape, y: Shape, params: Required<MatmulParams>): Product {
  checks.product?.(x, y, params);
  const rows = x.length === 1 ? [1, x[0]] : x.slice(-2);
  const columns = y.length === 1 ? [y[0], 1] : y.slice(-2);
  const [m, k] = params.transposeX ? [rows[1], rows[0]] : rows;
  const [inner, n] = params.transposeY ? [columns[1], columns[0]] : columns;
  if (k !== inner) throw new ShapeError(`inner sizes differ: ${k} vs ${inner}`);
  const batch = broadcastShapes(x.slice(0, -2), y.slice(0, -2), 2);
  return { batch, m, k, n, transposeA: params.transposeX, transposeB: params.transposeY };
}

/** Where the matrix of each batch entry starts in a tensor whose batch axes broadcast to `batch`. */
export function batchOffsets(shape: Shape, batch: Shape, matrixSize: number): number[] {
  const strides = broadcastStrides(shape.slice(0, -2), batch.length);
  let offsets = [0];
  batch.forEach((size, axis) => {
    offsets = offsets.flatMap((offset) =>
      Array.from({ length: size }, (_, i) => offset + i * strides[axis] * matrixSize),
    );
  });
  return offsets;
}

/**
 * Matrix product out[m,n] = T(a)·T(b), row-major, `out` overwritten, where T transposes if asked to: `a` is stored
 * as [m,k], or as [k,m] when `transposeA`; `b` as [k,n], or as [n,k] when `transposeB`. Each element of `out` is
 * 0 + a₀b₀ + a₁b₁ + …, terms added one at a time in increasing k.
 */
export type MatrixProduct = (
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  sizes: ProductSizes,
) => void;

/** The plain loops: the specification. A faster product must give the same bits. */
export const plainProduct: MatrixProduct = (a, b, out, sizes) => {
  const { m, k, n, transposeA = false, transposeB = false } = sizes;
  const [rowA, stepA] = transposeA ? [1, m] : [k, 1];
  const [colB, stepB] = transposeB ? [k, 1] : [1, n];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * rowA + p * stepA] * b[j * colB + p * stepB];
      out[i * n + j] = sum;
    }
  }
};

/** The matrix product that ops use; `useProduct` replaces it (use-product.ts). */
export const activeProduct: { run: MatrixProduct } = { run: plainProduct };
