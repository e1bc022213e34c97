import { describe, expect, test } from "vitest";
import { catalogue } from "../../../tools/catalogue/catalogue.ts";
import { pathOf, plotOf } from "../../src/ops/plot.ts";
import { HEIGHT, WIDTH } from "../../src/ops/size.ts";

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
