import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Life, layOut } from "../../src/compile/buffers.ts";

const life = (size: number, first: number, last: number, heirTo: number[] = []): Life => ({
  size,
  first,
  last,
  heirTo,
});

describe("layOut", () => {
  test("gives two buffers one place if they are never needed at the same time", () => {
    expect(layOut([life(8, 0, 1), life(8, 2, 3)])).toEqual({ offsets: [0, 0], total: 8 });
    expect(layOut([life(8, 0, 2), life(8, 2, 3)])).toEqual({ offsets: [0, 8], total: 16 });
  });

  test("lets a result take the place of an input that it is the last to read", () => {
    expect(layOut([life(8, 0, 1), life(8, 1, 2, [0])])).toEqual({ offsets: [0, 0], total: 8 });
    expect(layOut([life(8, 0, 2), life(8, 1, 2, [0])]).offsets).toEqual([0, 8]);
  });

  test("passes a place on from heir to heir, and frees it once", () => {
    const lives = [life(8, 0, 1), life(8, 1, 2, [0]), life(8, 2, 3, [1]), life(8, 4, 5), life(8, 4, 5)];
    expect(layOut(lives).offsets).toEqual([0, 0, 0, 0, 8]);
  });

  test("never lets buffers overlap that are needed at the same time", () => {
    const lives = fc.array(fc.tuple(fc.nat(40), fc.nat(6), fc.nat(5))).map((list) => {
      let first = -1;
      return list.map(([size, wait, length], i) => {
        first += wait === 0 ? 0 : 1;
        return life(
          size,
          first,
          length === 5 ? Number.POSITIVE_INFINITY : first + length,
          i > 0 && wait > 3 ? [i - 1] : [],
        );
      });
    });
    fc.assert(
      fc.property(lives, (all) => {
        const { offsets, total } = layOut(all);
        all.forEach((a, i) => {
          expect(offsets[i] + a.size).toBeLessThanOrEqual(total);
          all.slice(0, i).forEach((b, j) => {
            const together =
              b.last >= a.first && !(a.heirTo.includes(j) && b.last === a.first && b.size === a.size);
            const apart = offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i];
            if (together && a.size > 0 && b.size > 0) expect(apart).toBe(true);
          });
        });
      }),
      { numRuns: 500 },
    );
  });
});
