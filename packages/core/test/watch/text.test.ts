import { describe, expect, test } from "vitest";
import { backward, ones, Parameter, tensor, update, variable } from "../../src/index.ts";
import { watch } from "../../src/watch/index.ts";
import { numbersText, shortNumber } from "../../src/watch/text-numbers.ts";

const width = (text: string): number => Math.max(...text.split("\n").map((line) => [...line].length));

/** The example of docs: tanh(2), tanh(4), tanh(6), their sum and gradients, by Python's mpmath to five digits. */
const table = (): ReturnType<typeof watch> => {
  const [x, y] = [variable(tensor(2)), variable(tensor([1, 2, 3]))];
  return watch(({ name }) => {
    name(x, "x");
    name(y, "y");
    return backward(x.mul(y).tanh().sum());
  });
};

describe("a trace as text", () => {
  test("is a table of given tensors, forward and backward", () => {
    const text = table()
      .toString({ columns: 130 })
      .replace(/ +text\.test\.ts:\d+:\d+$/gm, "");
    expect(`\n${text}\n`).toBe(`
given                                                    value
   x                  variable                           2
   y                  variable                           1 2 3
forward                                                  value
1  a = mul(x, y)      out = x·y                          2 4 6
2  b = tanh(a)        out = (eˣ − e^(−x))/(eˣ + e^(−x))  0.96403 0.99933 0.99999
3  c = sum(b)         out = Σ x                          2.9633
backward                                                 gradient
4  b ← sum, input 1                                      1 1 1
5  a ← tanh, input 1                                     0.070651 0.0013410 0.000024577
6  x ← mul, input 1                                      0.073406
7  y ← mul, input 2                                      0.14130 0.0026819 0.000049153
`);
  });

  test.each([20, 24, 40, 60, 79, 80, 100, 200])("has no line of more than %i characters", (columns) => {
    const trace = table();
    for (const expand of [false, true])
      expect(width(trace.toString({ columns, expand }))).toBeLessThanOrEqual(columns);
  });

  test("has each step in several lines where a table does not fit", () => {
    const text = watch(() => tensor([1, 2]).neg()).toString({ columns: 30 });
    expect(text.replace(/\n +text\.test.*$/s, "")).toBe(
      "given\n   k1\n     constant\n     1 2\nforward\n1  a = neg(k1)\n     out = −x\n     -1 -2",
    );
  });

  test("shows sums where gradients meet, updates with an arrow, and layers", () => {
    const w = new Parameter([2]);
    const trace = watch(({ layer }) => {
      const y = layer("first", () => w.mul(w));
      const gradients = backward(y.sum());
      update(
        { name: "descend", run: ([g], [x]) => x.set([x[0] - g[0] / 4]) },
        [gradients.of(w)],
        [w],
        undefined,
      );
    });
    const text = String(trace);
    expect(text).toContain("2 + 2 = 4");
    expect(text).toMatch(/p1 ← descend +2 → 1/);
    expect(text).toMatch(/\n +in first\n1 +a = mul\(p1, p1\)/);
  });

  test("shows the ops inside on request", () => {
    expect(table().toString({ expand: true })).toMatch(/\n *8 +t2 = mul\(2, a\)/);
    expect(table().toString()).not.toContain("t2");
  });

  test("of nothing says so", () => {
    expect(String(watch(() => 1))).toBe("no ops were watched");
  });

  test.each([
    [{ columns: 19 }, "trace.toString: columns must be a whole number ≥ 20, got 19"],
    [{ columns: 40.5 }, "trace.toString: columns must be a whole number ≥ 20, got 40.5"],
    [{ expand: 1 }, "trace.toString: expand must be"],
  ])("refuses %j", (options, message) => {
    expect(() => table().toString(options as never)).toThrow(message);
  });
});

describe("numbers", () => {
  test.each([
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [0.5, "0.5"],
    [-0.25, "-0.25"],
    [24.70408163265306, "24.7041"],
    [138.83381924198252, "138.8338"],
    [645.5772594752186, "645.5773"],
    [1 / 3, "0.33333"],
    [0.00002457641, "0.000024576"],
    [1.23456789e-7, "1.2346e-7"],
    [123456789, "1.2346e+8"],
    [1e300, "1e+300"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ])("%d is written %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  test.each([
    ["a scalar", tensor(2), "2"],
    ["a vector", tensor([1, 2]), "1 2"],
    [
      "a matrix",
      tensor([
        [1, 2],
        [3, 4],
      ]),
      "[2,2] 1 2 | 3 4",
    ],
    ["nothing", tensor([]), "[0] empty"],
    ["many", ones([2, 4]), "[2,4] 1 1 1 …"],
  ])("%s", (_, x, text) => {
    const [{ tensors }] = [watch(() => x.neg())];
    expect(numbersText(tensors[0])).toBe(text);
  });

  test("of a tensor over the limit have the mean", () => {
    const { tensors } = watch(() => ones([10]).neg(), { numbers: 8 });
    expect(numbersText(tensors[1])).toBe("[10] -1 -1 -1 … mean -1");
  });
});
