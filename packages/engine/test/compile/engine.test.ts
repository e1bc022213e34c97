import { createRng, ops, type Shape, type Tensor, tensor, zeros } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, simdSupported } from "../../src/index.ts";
import { inWay, useWay } from "../ways.ts";

const SPECIAL = [Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, -1e-310, 1e308, -708.5, 709.5];

/** Normal numbers with special ones among them. */
function numbers(shape: Shape, seed: string): Tensor {
  const rng = createRng(seed);
  const x = rng.normal(shape, { std: 3 });
  return x.assign(x.data.map((value) => (rng.next() < 0.2 ? SPECIAL[rng.integer(SPECIAL.length)] : value)));
}

/** The function compiled for the engine gives the bits of the plain one on the plain loops. */
function expectSame(f: (...x: Tensor[]) => Tensor, ...inputs: Tensor[]): void {
  const expected = inWay("blocked", () => f(...inputs));
  inWay("simd", () => {
    const compiled = compile(f);
    for (let run = 0; run < 2; run++) {
      const found = compiled(...inputs);
      expect(found.shape).toEqual(expected.shape);
      const wrong = expected.data.findIndex((value, i) => !Object.is(value, found.data[i]));
      expect(wrong < 0 ? [] : [wrong, expected.data[wrong], found.data[wrong]]).toEqual([]);
    }
    compiled.release();
  });
}

const size = fc.constantFrom(0, 1, 2, 3, 5, 7, 8, 9, 31, 33);
/** Shapes that broadcast, in every combination of missing axes and axes of size 1. */
const broadcast = (count: number): fc.Arbitrary<Shape[]> =>
  fc.array(size, { maxLength: 4 }).chain((shape) =>
    fc.array(
      fc
        .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
        .map(([drop, ones]) => shape.map((n, axis) => (ones[axis] ? 1 : n)).slice(drop)),
      { minLength: count, maxLength: count },
    ),
  );

describe.runIf(simdSupported())("on the engine", () => {
  test("ops of two tensors broadcast in every way", () => {
    const binary = [ops.add, ops.sub, ops.mul, ops.div, ops.maximum, ops.minimum, ops.less, ops.equal];
    fc.assert(
      fc.property(broadcast(2), fc.constantFrom(...binary), ([a, b], op) => {
        expectSame((x, y) => op(x, y), numbers(a, "a"), numbers(b, "b"));
      }),
      { numRuns: 300 },
    );
  });

  test("where broadcasts in every way", () => {
    fc.assert(
      fc.property(broadcast(3), ([a, b, c]) => {
        expectSame(
          (x, y, z) => ops.where(ops.greater(x, 0), y, z),
          numbers(a, "a"),
          numbers(b, "b"),
          numbers(c, "c"),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("sums over any axes, and repeats along any", () => {
    const axes = fc.subarray([0, 1, 2, 3]);
    fc.assert(
      fc.property(fc.array(size, { minLength: 4, maxLength: 4 }), axes, (shape, along) => {
        const x = numbers(
          shape.map((n) => Math.min(n, 9)),
          "x",
        );
        expectSame((y) => ops.sum(y, { axes: along }), x);
        expectSame(
          (y) => ops.broadcastTo(ops.sum(y, { axes: along, keepDims: true }), { shape: x.shape }),
          x,
        );
      }),
      { numRuns: 100 },
    );
  });

  test("products of any sizes, transposed, of vectors and of batches", () => {
    const flags = fc.tuple(fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(
        size,
        size,
        size,
        flags,
        fc.constantFrom([], [2], [3, 1]),
        (m, k, n, [transposeX, transposeY], batch) => {
          const x = numbers([...batch, ...(transposeX ? [k, m] : [m, k])], "x");
          const y = numbers(transposeY ? [n, k] : [k, n], "y");
          expectSame((a, b) => ops.matmul(a, b, { transposeX, transposeY }), x, y);
        },
      ),
      { numRuns: 100 },
    );
    expectSame((a, b) => ops.matmul(a, b), numbers([33], "x"), numbers([33, 5], "y"));
  });

  test("softmax over the last axis and over others", () => {
    for (const shape of [[3], [5, 10], [4, 33], [2, 3, 7], [0, 4], [129, 2]]) {
      for (let axis = 0; axis < shape.length; axis++) {
        if (shape[axis] === 0) continue;
        const x = createRng(1).normal(shape, { std: 10 });
        expectSame((y) => ops.softmax(y, { axis }), x);
        expectSame((y) => ops.logSoftmax(y, { axis }), x);
        expectSame((y) => ops.logSoftmax(y, { axis }), numbers(shape, "special"));
      }
    }
  });

  test("a result may take the place of any of its inputs", () => {
    expectSame(
      (x, y) => x.mul(2).add(y.mul(3)).sub(x.mul(5)).maximum(y.neg()).mul(x.add(1)),
      numbers([7, 9], "x"),
      numbers([9], "y"),
    );
    expectSame((x) => ((y) => y.mul(y))(x.add(1)), numbers([33], "x"));
    expectSame((x) => ops.softmax(x.mul(2), { axis: -1 }), createRng(1).normal([5, 9]));
  });

  test("large arrays go through several ops, in every kind of repetition", () => {
    const steps: ((x: Tensor, row: Tensor, column: Tensor, one: Tensor) => Tensor)[] = [
      (x, row) => x.add(row),
      (x) => x.selu(),
      (x, _, column) => x.mul(column),
      (x, _, __, one) => x.sub(one),
      (x) => ops.where(ops.greater(x, 0), x, x.exp()),
      (x) => x.mul(x.neg()),
      (x, row, column) => x.maximum(row.mul(column)),
      (x) => x.add(createRng("noise").uniform(x.shape)),
      (x) => x.sum({ axes: 0, keepDims: true }).mul(1e-3).add(x),
      (x) =>
        x
          .reshape({ shape: [x.size] })
          .square()
          .reshape({ shape: x.shape }),
      (x) => x.tanh(),
    ];
    const shape = fc.constantFrom([96, 128], [2, 8192], [1, 9216], [8195, 1], [3, 4096], [128, 65]);
    fc.assert(
      fc.property(
        shape,
        fc.array(fc.constantFrom(...steps), { minLength: 2, maxLength: 12 }),
        (shape, chosen) => {
          const f = (...[x, row, column, one]: Tensor[]): Tensor =>
            chosen.reduce(
              (y, step, i) => (i === 5 ? step(y, row, column, one).add(x) : step(y, row, column, one)),
              x,
            );
          const rng = createRng("large");
          const [rows, columns] = shape;
          expectSame(f, rng.normal(shape), rng.normal([columns]), rng.normal([rows, 1]), rng.normal([]));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("kernels may be changed between two calls, and parameters follow", () => {
    const state = zeros([3]);
    const step = compile((x: Tensor) => x.add(state));
    const back = useWay("simd");
    try {
      for (const [i, way] of (["simd", "blocked", "simd", "plain"] as const).entries()) {
        inWay(way, () => {
          state.assign([i, i, i]);
          expect(step(tensor([1, 2, 3])).toArray()).toEqual([1 + i, 2 + i, 3 + i]);
        });
      }
    } finally {
      back();
    }
  });
});
