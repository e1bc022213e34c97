import { describe, expect, test } from "vitest";
import { catalogue } from "../../../tools/catalogue/catalogue.ts";
import { pathOf, plotOf } from "../../src/ops/plot.ts";
import { HEIGHT, WIDTH } from "../../src/ops/size.ts";

/** The distance of a point from the line between two others. */
function distance([x, y]: number[], [x0, y0]: number[], [x1, y1]: number[]): number {
  const along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
}

describe("pathOf", () => {
  const even = (n: number, f: (t: number) => number): number[] =>
    Array.from({ length: n }, (_, i) => f(i / (n - 1)));

  test("a line needs two points", () => {
    expect(
      pathOf(
        even(101, (t) => t),
        { low: 0, high: 1 },
      ),
    ).toBe(`M0,${HEIGHT}l${WIDTH}-${HEIGHT}`);
  });

  test("a bend stays", () => {
    expect(
      pathOf(
        even(101, (t) => Math.abs(2 * t - 1)),
        { low: 0, high: 1 },
      ),
    ).toBe(`M0,0l${WIDTH / 2},${HEIGHT} ${WIDTH / 2}-${HEIGHT}`);
  });

  test.each([2, 3, 5, 9])(
    "half a unit off the curve at most, and rounding adds half a unit each way: sin %it",
    (speed) => {
      const ys = even(481, (t) => Math.sin(speed * t));
      const steps = [...pathOf(ys, { low: -1, high: 1 }).matchAll(/-?\d+/g)].map(Number);
      const corners = [[steps[0], steps[1]]];
      for (let i = 2; i < steps.length; i += 2) {
        const [x, y] = corners[corners.length - 1];
        corners.push([x + steps[i], y + steps[i + 1]]);
      }
      const away = ys.map((value, i) => {
        const [x, y] = [(WIDTH * i) / 480, ((1 - value) * HEIGHT) / 2];
        return Math.min(...corners.slice(1).map((to, j) => distance([x, y], corners[j], to)));
      });
      expect(Math.max(...away)).toBeLessThanOrEqual(0.5 + Math.SQRT1_2);
    },
  );

  test("a jump is no line", () => {
    expect(
      pathOf(
        even(100, (t) => +(t > 0.5)),
        { low: -1, high: 2 },
      ),
    ).toMatch(/^M0,227l297,0M303,113l297,0$/);
  });

  test("what is not finite or outside is left out", () => {
    const path = pathOf(
      even(101, (t) => 1 / (t - 0.5)),
      { low: -10, high: 10 },
    );
    expect(path.split("M").length - 1).toBe(2);
    expect(pathOf([Number.NaN, Number.NaN], { low: 0, high: 1 })).toBe("");
  });
});

describe("plotOf", () => {
  const entries = catalogue().filter(({ group }) => group === "element-wise");

  test.each(entries.map((entry) => [entry.name, entry] as const))("%s has a plot", (name, entry) => {
    const plot = plotOf(entry);
    // Their inputs have an axis for channels: there is no function of one number.
    if (["batchNorm", "prelu"].includes(name)) return expect(plot).toBeNull();
    expect(plot?.paths[0]).toMatch(/^M/);
    expect(plot?.paths[1] === null).toBe(entry.rules?.every((rule) => rule === "null") ?? false);
  });

  test("other groups have none", () => {
    for (const entry of catalogue()) if (entry.group !== "element-wise") expect(plotOf(entry)).toBeNull();
  });
});
