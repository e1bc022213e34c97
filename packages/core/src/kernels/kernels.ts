/**
 * The few loops that decide how fast gradus is, behind one small interface over `Float64Array`.
 *
 * `reference.ts` is the specification: any other implementation must return the same bits, which is possible
 * because each output is defined as one sum in a fixed order. So which one runs is invisible, and parity tests use
 * exact equality.
 */
export interface Kernels {
  readonly name: string;

  /** A zero-filled array for a tensor to live in. */
  allocate(length: number): Float64Array;

  /**
   * Matrix product out[m,n] = op(a)·op(b), row-major, `out` overwritten, where op transposes if asked to: `a` is stored
   * as [m,k], or as [k,m] when `transposeA`; `b` as [k,n], or as [n,k] when `transposeB`. Each element of `out` is
   * 0 + a₀b₀ + a₁b₁ + …, terms added one at a time in increasing k.
   */
  gemm(a: Float64Array, b: Float64Array, out: Float64Array, options: GemmOptions): void;
}

export interface GemmOptions {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}
