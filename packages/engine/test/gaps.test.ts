import fc from "fast-check";
import { expect, test } from "vitest";
import { Gaps } from "../src/gaps.ts";

test("the smallest stretch that is large enough is taken, the lowest of equals, from its start", () => {
  const gaps = new Gaps();
  for (const [at, size] of [
    [0, 8],
    [10, 3],
    [20, 5],
    [30, 5],
  ])
    gaps.add(at, size);
  expect([4, 4, 3, 1, 9].map((size) => gaps.take(size))).toEqual([20, 30, 10, 24, null]);
});

test("neighbours are joined, on either side and on both", () => {
  const gaps = new Gaps();
  for (const [at, size] of [
    [4, 4],
    [12, 4],
    [0, 4],
    [8, 4],
  ])
    gaps.add(at, size);
  expect(gaps.take(17)).toBe(null);
  expect(gaps.take(16)).toBe(0);
  expect(gaps.take(1)).toBe(null);
});

test("whatever is taken and given back: nothing is given out twice, and all of it is one stretch at the end", () => {
  const work = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30 })), { maxLength: 200 });
  fc.assert(
    fc.property(work, (all) => {
      const gaps = new Gaps();
      gaps.add(0, 300);
      const taken: { at: number; size: number }[] = [];
      for (const [take, size] of all) {
        const at = take ? gaps.take(size) : null;
        if (at !== null) {
          expect(taken.every((x) => x.at + x.size <= at || at + size <= x.at)).toBe(true);
          taken.push({ at, size });
        } else if (taken.length > 0) {
          const [{ at: back, size: much }] = taken.splice(size % taken.length, 1);
          gaps.add(back, much);
        }
      }
      for (const { at, size } of taken) gaps.add(at, size);
      expect(gaps.take(300)).toBe(0);
    }),
    { numRuns: 200 },
  );
});
