import { ShapeError } from "../errors.ts";
import { broadcastShapes, broadcastStrides, type Shape } from "../shape.ts";

/** Which side of a product is used transposed (its last two axes swapped), without being copied. */
export interface MatmulParams {
  readonly transposeX?: boolean;
  readonly transposeY?: boolean;
}

/** The sizes of a matrix product: [..., m, k] by [..., k, n], for each entry of the batch. */
export interface Product {
  readonly batch: Shape;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** @throws ShapeError if the shapes have no product. */
export function productOf(x: Shape, y: Shape, { transposeX, transposeY }: Required<MatmulParams>): Product {
  if (x.length === 0 || y.length === 0) throw new ShapeError("a scalar has no matrix product; use mul");
  if ((transposeX && x.length === 1) || (transposeY && y.length === 1)) {
    throw new ShapeError("a vector cannot be transposed");
  }
  const rows = x.length === 1 ? [1, x[0]] : x.slice(-2);
  const columns = y.length === 1 ? [y[0], 1] : y.slice(-2);
  const [m, k] = transposeX ? [rows[1], rows[0]] : rows;
  const [inner, n] = transposeY ? [columns[1], columns[0]] : columns;
  if (k !== inner) throw new ShapeError(`inner sizes differ: ${k} vs ${inner}`);
  return { batch: broadcastShapes(x.slice(0, -2), y.slice(0, -2)), m, k, n };
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
