import type { GemmOptions, Kernels } from "./kernels.ts";

/** The plain loops: the specification every other kernel must equal bit for bit. */
export const referenceKernels: Kernels = {
  name: "reference",
  gemm,
};

function gemm(a: Float64Array, b: Float64Array, out: Float64Array, options: GemmOptions): void {
  const { m, k, n, transposeA = false, transposeB = false } = options;
  const [rowA, stepA] = transposeA ? [1, m] : [k, 1];
  const [colB, stepB] = transposeB ? [k, 1] : [1, n];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * rowA + p * stepA] * b[j * colB + p * stepB];
      out[i * n + j] = sum;
    }
  }
}
