import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Buffer, layOut } from "../../src/compile/lay-out.ts";

const buffer = (size: number, first: number, last: number, overwrites: number[] = []): Buffer => ({
  size,
  first,
  last,
  overwrites,
});

describe("layOut", () => {
  test("gives two buffers one place if they are never needed at the same time", () => {
    expect(layOut([buffer(8, 0, 1), buffer(8, 2, 3)])).toEqual({ offsets: [0, 0], total: 8 });
    expect(layOut([buffer(8, 0, 2), buffer(8, 2, 3)])).toEqual({ offsets: [0, 8], total: 16 });
  });

  test("lets a result overwrite an input that is read for the last time", () => {
    expect(layOut([buffer(8, 0, 1), buffer(8, 1, 2, [0])])).toEqual({ offsets: [0, 0], total: 8 });
    expect(layOut([buffer(8, 0, 2), buffer(8, 1, 2, [0])]).offsets).toEqual([0, 8]);
  });

  test("lets one result after the other overwrite its input, and frees the place once", () => {
    const lives = [
      buffer(8, 0, 1),
      buffer(8, 1, 2, [0]),
      buffer(8, 2, 3, [1]),
      buffer(8, 4, 5),
      buffer(8, 4, 5),
    ];
    expect(layOut(lives).offsets).toEqual([0, 0, 0, 0, 8]);
  });

  test("never lets buffers overlap that are needed at the same time", () => {
    const lives = fc.array(fc.tuple(fc.nat(40), fc.nat(6), fc.nat(5))).map((list) => {
      let first = -1;
      return list.map(([size, wait, length], i) => {
        first += wait === 0 ? 0 : 1;
        return buffer(
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
              b.last >= a.first && !(a.overwrites.includes(j) && b.last === a.first && b.size === a.size);
            const apart = offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i];
            if (together && a.size > 0 && b.size > 0) expect(apart).toBe(true);
          });
        });
      }),
      { numRuns: 500 },
    );
  });

  test("R10: looks at each buffer a few times, however many are needed at the same time", () => {
    const reads = (count: number): number => {
      let looks = 0;
      // Written one after the other, then read in reverse, as by forward and backward.
      const buffers = Array.from({ length: count }, (_, i) => ({
        size: 1 + (i % 5),
        first: i,
        overwrites: i > 0 ? [i - 1] : [],
        get last() {
          looks++;
          return 2 * count - i;
        },
      }));
      layOut(buffers);
      return looks;
    };
    expect(reads(4000)).toBeLessThan(5 * 4000);
  });
});
