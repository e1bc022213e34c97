// A loop of multiplications and additions that the benchmark compares products with; no part of the kernels.

/** Floating-point operations of one round of `registerLoop`. */
export const OPERATIONS = 48;

/**
 * Multiplies and adds in registers alone, twelve pairs that do not wait for each other: as fast as the processor can without
 * fused operations. Memory is not touched. Constants would be built anew in each round, so they are arguments: 0.5 and 1, say.
 */
export function registerLoop(rounds: i32, factor: f64, term: f64): f64 {
  let c0 = f64x2.splat(1);
  let c1 = f64x2.splat(2);
  let c2 = f64x2.splat(3);
  let c3 = f64x2.splat(4);
  let c4 = f64x2.splat(5);
  let c5 = f64x2.splat(6);
  let c6 = f64x2.splat(7);
  let c7 = f64x2.splat(8);
  let c8 = f64x2.splat(9);
  let c9 = f64x2.splat(10);
  let c10 = f64x2.splat(11);
  let c11 = f64x2.splat(12);
  const x = f64x2.splat(factor);
  const y = f64x2.splat(term);
  for (let i = 0; i < rounds; i++) {
    c0 = f64x2.add(f64x2.mul(c0, x), y);
    c1 = f64x2.add(f64x2.mul(c1, x), y);
    c2 = f64x2.add(f64x2.mul(c2, x), y);
    c3 = f64x2.add(f64x2.mul(c3, x), y);
    c4 = f64x2.add(f64x2.mul(c4, x), y);
    c5 = f64x2.add(f64x2.mul(c5, x), y);
    c6 = f64x2.add(f64x2.mul(c6, x), y);
    c7 = f64x2.add(f64x2.mul(c7, x), y);
    c8 = f64x2.add(f64x2.mul(c8, x), y);
    c9 = f64x2.add(f64x2.mul(c9, x), y);
    c10 = f64x2.add(f64x2.mul(c10, x), y);
    c11 = f64x2.add(f64x2.mul(c11, x), y);
  }
  const sum = f64x2.add(
    f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3)),
    f64x2.add(
      f64x2.add(f64x2.add(c4, c5), f64x2.add(c6, c7)),
      f64x2.add(f64x2.add(c8, c9), f64x2.add(c10, c11)),
    ),
  );
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
