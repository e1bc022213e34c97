import { expect, test } from "vitest";
import { logSoftmax, softmax } from "../../../core/src/ops/softmax.ts";
import { Tensor } from "../../../core/src/tensor.ts";
import { expectSameBits, numbers, ordinary, runShares, sizes, specials } from "./shares.ts";

/** Both functions along the rows, to another place and in place, against the plain loops. */
function check(x: Float64Array, rows: number, cols: number): void {
  const tensor = new Tensor(x, [rows, cols]);
  for (const [name, { data: expected }] of [
    ["softmax", softmax(tensor, { axis: 1 })],
    ["logSoftmax", logSoftmax(tensor, { axis: 1 })],
  ] as const) {
    for (const threads of [1, 2, 3]) {
      const what = `${name} of [${rows},${cols}], ${threads} threads`;
      const out = new Float64Array(x.length).fill(7);
      runShares(name, { out, rows, columns: cols, x }, [], threads);
      expectSameBits(out, expected, what);
      out.set(x);
      runShares(name, { out, rows, columns: cols, x: out }, [], threads);
      expectSameBits(out, expected, `${what}, in place`);
    }
  }
}

test("rows of every length have the bits of the plain loop", () => {
  for (const cols of sizes) {
    for (const rows of [0, 1, 2, 5]) check(ordinary(rows * cols, rows + cols), rows, cols);
  }
  for (const [rows, cols] of [
    [128, 10],
    [515, 3],
    [1030, 1],
    [17, 600],
  ]) {
    check(ordinary(rows * cols, rows), rows, cols);
    check(numbers(rows * cols, cols, 40), rows, cols);
  }
});

test("rows that spread over the whole range of the exponential have the bits of the plain loop", () => {
  for (const spread of [1, 30, 700, 720, 745, 1e5]) {
    for (const cols of [2, 3, 10, 31]) {
      check(
        ordinary(20 * cols, cols).map((value) => value * spread),
        20,
        cols,
      );
    }
  }
});

test("only the first of several largest is left out of the sum", () => {
  const values = [2, 1, 0.3, -0.7];
  const rows: number[][] = [[]];
  for (let length = 1; length <= 6; length++) {
    const all = rows.filter((row) => row.length === length - 1);
    for (const row of all) for (const value of values) rows.push([...row, value]);
  }
  for (let length = 1; length <= 6; length++) {
    const all = rows.filter((row) => row.length === length);
    check(Float64Array.from(all.flat()), all.length, length);
  }
});

test("special values have the bits of the plain loop, the sign of zero included", () => {
  const pairs = specials.flatMap((x) => specials.map((y) => [x, y]));
  check(Float64Array.from(pairs.flat()), pairs.length, 2);
  const triples = specials.flatMap((x) => pairs.map((pair) => [x, ...pair]));
  check(Float64Array.from(triples.flat()), triples.length, 3);
  check(Float64Array.from(specials), specials.length, 1);
  const out = new Float64Array(1);
  runShares("logSoftmax", { out, rows: 1, columns: 1, x: Float64Array.of(-0) }, [], 1);
  expect(out[0]).toBe(0);
});

test("what a mask hides, and powers that are just 0 or just not, have the bits of the plain loop", () => {
  const edges = [Number.NEGATIVE_INFINITY, -745.1, -745.2, -746, Number.NaN, -746.5, -708.3, -1e300, 0, -0];
  for (const cols of [1, 2, 3, 7, 8, 33]) {
    // Row r sees the columns 0 to r, as in causal attention; then the edges in every position.
    const rows = cols + 2 * edges.length;
    const x = ordinary(rows * cols, cols).map((value, i) => {
      const [row, column] = [Math.floor(i / cols), i % cols];
      if (row < cols) return column > row ? Number.NEGATIVE_INFINITY : value;
      return column === 0 && row % 2 === 0 ? 0 : edges[(row + column) % edges.length];
    });
    check(x, rows, cols);
  }
});
