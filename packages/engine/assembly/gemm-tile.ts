// One 4 × 4 tile of a product: the same as `tile` of kernels/blocked.ts.

/**
 * Adds to a tile the products of `depth` steps of a panel of rows and a panel of columns, one at a time in increasing
 * order. Eight pairs stay in registers; unrolling this loop makes it slower, and so does a second pointer in it, which V8 extends to
 * 64 bits and copies in each turn.
 *
 * @param stride bytes from row to row of the tile
 * @param goOn whether to start from what is there, not from zeros
 */
export function tile(a: usize, b: usize, depth: i32, out: usize, stride: usize, goOn: bool): void {
  const out1 = out + stride;
  const out2 = out1 + stride;
  const out3 = out2 + stride;
  let c00 = f64x2.splat(0);
  let c02 = c00;
  let c10 = c00;
  let c12 = c00;
  let c20 = c00;
  let c22 = c00;
  let c30 = c00;
  let c32 = c00;
  if (goOn) {
    c00 = v128.load(out);
    c02 = v128.load(out, 16);
    c10 = v128.load(out1);
    c12 = v128.load(out1, 16);
    c20 = v128.load(out2);
    c22 = v128.load(out2, 16);
    c30 = v128.load(out3);
    c32 = v128.load(out3, 16);
  }
  const end = a + ((<usize>depth) << 5);
  const toB = b - a;
  do {
    const atB = a + toB;
    const b0 = v128.load(atB);
    const b2 = v128.load(atB, 16);
    const a0 = v128.load_splat<f64>(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c02 = f64x2.add(c02, f64x2.mul(a0, b2));
    const a1 = v128.load_splat<f64>(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c12 = f64x2.add(c12, f64x2.mul(a1, b2));
    const a2 = v128.load_splat<f64>(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c22 = f64x2.add(c22, f64x2.mul(a2, b2));
    const a3 = v128.load_splat<f64>(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c32 = f64x2.add(c32, f64x2.mul(a3, b2));
    a += 32;
  } while (a < end);
  v128.store(out, c00);
  v128.store(out, c02, 16);
  v128.store(out1, c10);
  v128.store(out1, c12, 16);
  v128.store(out2, c20);
  v128.store(out2, c22, 16);
  v128.store(out3, c30);
  v128.store(out3, c32, 16);
}

/** A tile of fewer than four rows or columns: all of it is computed in `whole`, a dense 4 × 4 tile, and the part copied. */
export function edge(
  a: usize,
  b: usize,
  depth: i32,
  out: usize,
  stride: usize,
  goOn: bool,
  rows: i32,
  columns: i32,
  whole: usize,
): void {
  if (goOn) copyPart(out, stride, whole, 32, rows, columns);
  tile(a, b, depth, whole, 32, goOn);
  copyPart(whole, 32, out, stride, rows, columns);
}

function copyPart(from: usize, fromStride: usize, to: usize, toStride: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      store<f64>(to + ((<usize>column) << 3), load<f64>(from + ((<usize>column) << 3)));
    }
    from += fromStride;
    to += toStride;
  }
}
