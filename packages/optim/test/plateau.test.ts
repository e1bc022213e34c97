import { describe, expect, test } from "vitest";
import { Plateau, type PlateauOptions, type PlateauState, SGD, warmUp } from "../src/index.ts";
import { gradientsOf, messageOf, parameter } from "./support.ts";

// Rates after each metric as PyTorch 1.13's ReduceLROnPlateau gives them, from 0.1.
const TABLE: [name: string, options: PlateauOptions, metrics: number[], expected: number[]][] = [
  [
    "a loss",
    { factor: 0.5, patience: 2 },
    [1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.9, 0.9, 0.9, 0.9],
    [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025],
  ],
  [
    "an accuracy, with a cooldown and a minimum",
    { mode: "max", patience: 1, cooldown: 2, minimum: 0.002 },
    [0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7, 0.7, 0.7, 0.7],
    [0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.01, 0.002, 0.002],
  ],
  [
    "an absolute threshold, and a NaN",
    { factor: 0.5, patience: 1, threshold: 0.01, relative: false },
    [1, 0.995, 0.98, Number.NaN, 0.9795, 0.9],
    [0.1, 0.1, 0.1, 0.1, 0.05, 0.05],
  ],
];

test.each(TABLE)("follows %s as PyTorch does", (_, options, metrics, expected) => {
  const plateau = new Plateau(0.1, options);
  const rates = metrics.map((metric) => {
    plateau.observe(metric);
    return plateau.rate;
  });
  rates.forEach((rate, i) => {
    expect(rate).toBeCloseTo(expected[i], 15);
  });
});

test.each(TABLE)("continues from its state after %s", (_, options, metrics) => {
  for (let cut = 0; cut <= metrics.length; cut++) {
    const [through, first, second] = [0, 1, 2].map(() => new Plateau(0.1, options));
    for (const metric of metrics) through.observe(metric);
    for (const metric of metrics.slice(0, cut)) first.observe(metric);
    second.restore(JSON.parse(JSON.stringify(first.state())));
    for (const metric of metrics.slice(cut)) second.observe(metric);
    expect(second.state()).toEqual(through.state());
  }
});

// Rates as PyTorch 1.13's ReduceLROnPlateau gives them for metrics 1, 1, 1, 1 with patience 0.
test.each<[start: number, options: PlateauOptions, expected: number[]]>([
  [2e-8, { factor: 0.5 }, [2e-8, 2e-8, 2e-8, 2e-8]], // a fall of exactly 1e-8 is not made
  [3e-8, { factor: 0.5 }, [3e-8, 1.5e-8, 1.5e-8, 1.5e-8]],
  [0.1, { factor: 0.9999999 }, [0.1, 0.1, 0.1, 0.1]],
  [2e-8, { factor: 0.5, epsilon: 0 }, [2e-8, 1e-8, 5e-9, 2.5e-9]],
  [0.1, { factor: 0.5, epsilon: 0.06 }, [0.1, 0.1, 0.1, 0.1]],
])("H12: the rate %d is lowered by more than epsilon only, with %o", (start, options, expected) => {
  const plateau = new Plateau(start, { patience: 0, ...options });
  const rates = [1, 1, 1, 1].map((metric) => {
    plateau.observe(metric);
    return plateau.rate;
  });
  expect(rates).toEqual(expected);
});

test("its schedule drives an optimizer, also through a warm-up", () => {
  const x = parameter([0]);
  const plateau = new Plateau(1, { factor: 0.5, patience: 0 });
  const sgd = new SGD([["x", x]], { learningRate: warmUp(plateau.schedule, 1) });
  const lengths = [5, 5, 5].map((metric) => {
    const before = x.data[0];
    sgd.step(gradientsOf([x], [[1]]));
    plateau.observe(metric);
    return before - x.data[0];
  });
  expect(lengths).toEqual([0.5, 1, 0.5]);
});

test("never raises the rate, even to its minimum", () => {
  const plateau = new Plateau(0.1, { patience: 0, minimum: 0.5 });
  plateau.observe(1);
  plateau.observe(1);
  expect(plateau.rate).toBe(0.1);
});

test("an infinite first metric can be improved upon", () => {
  const plateau = new Plateau(1, { patience: 0, factor: 0.5 });
  for (const metric of [Infinity, 3, 2]) plateau.observe(metric);
  expect(plateau.rate).toBe(1);
});

describe("bad input", () => {
  test.each([
    [{ mode: "down" }, 'mode must be "min" or "max", got "down"'],
    [{ factor: 1 }, "factor must be in [0, 1), got 1"],
    [{ patience: -1 }, "patience must be a whole number ≥ 0, got -1"],
    [{ threshold: Number.NaN }, "threshold must be a finite number ≥ 0, got NaN"],
    [{ relative: 1 }, "relative must be true or false, got 1"],
    [{ cooldown: 0.5 }, "cooldown must be a whole number ≥ 0, got 0.5"],
    [{ minimum: -1 }, "minimum must be a finite number ≥ 0, got -1"],
    [
      { min_lr: 1 },
      'unknown option "min_lr"; did you mean "minimum"? It takes { mode, factor, patience, threshold, relative, cooldown, minimum, epsilon }',
    ],
  ])("%o is refused", (options, message) => {
    expect(messageOf(() => new Plateau(0.1, options as PlateauOptions))).toBe(
      `ArgumentError: Plateau: ${message}`,
    );
  });

  test("a wrong rate or metric is refused", () => {
    expect(messageOf(() => new Plateau(0))).toBe(
      "ArgumentError: Plateau: rate must be a finite number > 0, got 0",
    );
    expect(messageOf(() => new Plateau(1).observe("1" as unknown as number))).toBe(
      'ArgumentError: plateau.observe: the metric must be a number, got "1"',
    );
  });

  test.each([
    undefined,
    {},
    { version: 2, rate: 1, best: 1, bad: 0, cooling: 0 },
    { version: 1, rate: -1, best: 1, bad: 0, cooling: 0 },
    { version: 1, rate: 1, best: "1", bad: 0, cooling: 0 },
    { version: 1, rate: 1, best: Number.NaN, bad: 0, cooling: 0 },
    { version: 1, rate: 1, best: 1, bad: 0.5, cooling: 0 },
    { version: 1, rate: 1, best: 1, bad: 0 },
  ])("the state %o is refused and changes nothing", (state) => {
    const plateau = new Plateau(0.1);
    const before = plateau.state();
    expect(messageOf(() => plateau.restore(state as unknown as PlateauState))).toMatch(
      /^FormatError: plateau\.restore: /,
    );
    expect(plateau.state()).toEqual(before);
  });
});
