import type { seluJacobian } from "../../../src/moments/selu.ts";

/** The largest singular value of a 2×2 matrix. */
export function spectralNorm([[a, b], [c, d]]: ReturnType<typeof seluJacobian>): number {
  const squares = a * a + b * b + c * c + d * d;
  const determinant = a * d - b * c;
  return Math.sqrt(0.5 * (squares + Math.sqrt(squares * squares - 4 * determinant * determinant)));
}
