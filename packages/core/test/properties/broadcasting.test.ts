import fc from "fast-check";
import { expect, test } from "vitest";
import {
  add,
  mul,
  type NestedNumbers,
  type Shape,
  ShapeError,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import { examples } from "./examples.ts";

// A size of 0 leaves nothing to compare: it is rare.
const size = fc.constantFrom(0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 5, 5, 5);
const shape = fc.nat(4).chain((rank) => fc.array(size, { minLength: rank, maxLength: rank }));

/** A shape, and another that broadcasts with it: leading axes left out, others of size 1. */
const fitting: fc.Arbitrary<[Shape, Shape]> = shape.chain((full) => {
  const part = fc
    .tuple(fc.nat(full.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([missing, ones]) => full.map((size, axis) => (ones[axis] ? 1 : size)).slice(missing));
  return fc.tuple(part, part);
});

/** 1.5, 2.5, −3.5, 4.5, … so that no two numbers are alike. */
function numbered(shape: Shape, first: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float64Array.from({ length: size }, (_, i) => (i % 3 === 2 ? -1 : 1) * (first + i)),
    shape,
  );
}

/** The size at an axis counted from the last one, which is 0; 1 where there is no such axis. */
const sizeAt = (shape: Shape, fromEnd: number): number => shape[shape.length - 1 - fromEnd] ?? 1;

/** NumPy's rule once more, axis by axis; null if the shapes do not fit. */
function expectedShape(a: Shape, b: Shape): number[] | null {
  const out: number[] = [];
  for (let fromEnd = 0; fromEnd < Math.max(a.length, b.length); fromEnd++) {
    const sizes = new Set([sizeAt(a, fromEnd), sizeAt(b, fromEnd)]);
    if (sizes.size === 2) sizes.delete(1);
    if (sizes.size === 2) return null;
    out.unshift([...sizes][0]);
  }
  return out;
}

/** All places of a tensor, as lists of coordinates, in row-major order. */
function* places(shape: Shape): Generator<number[]> {
  if (shape.length === 0) yield [];
  for (let i = 0; i < (shape[0] ?? 0); i++) for (const rest of places(shape.slice(1))) yield [i, ...rest];
}

/** The number that stands at a place of the result in an input, found in its nested arrays: no strides, no offsets. */
function numberAt(x: Tensor, place: readonly number[]): number {
  let nested: NestedNumbers = x.toArray();
  x.shape.forEach((size, axis) => {
    const coordinate = place[place.length - x.shape.length + axis];
    nested = (nested as readonly NestedNumbers[])[size === 1 ? 0 : coordinate];
  });
  return nested as number;
}

test("a broadcast sum and product have the shape and the numbers of the rule, place by place", () => {
  fc.assert(
    fc.property(fitting, ([a, b]) => {
      const x = numbered(a, 1.5);
      const y = numbered(b, 100.25);
      const shape = expectedShape(a, b)!;
      for (const [op, one] of [
        [add, (p: number, q: number) => p + q],
        [mul, (p: number, q: number) => p * q],
      ] as const) {
        const out = op(x, y);
        expect(out.shape).toEqual(shape);
        const expected = Array.from(places(shape), (place) => one(numberAt(x, place), numberAt(y, place)));
        expect([...out.data]).toEqual(expected);
      }
    }),
    { numRuns: examples },
  );
});

test("any two shapes broadcast as the rule says, both ways round, or are refused", () => {
  fc.assert(
    fc.property(shape, shape, (a, b) => {
      const expected = expectedShape(a, b);
      for (const [x, y] of [
        [numbered(a, 1), numbered(b, 1)],
        [numbered(b, 1), numbered(a, 1)],
      ]) {
        if (expected === null) expect(() => add(x, y)).toThrow(ShapeError);
        else expect(add(x, y).shape).toEqual(expected);
      }
    }),
    { numRuns: examples },
  );
});
