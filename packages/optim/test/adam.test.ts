import { expect, test } from "vitest";
import { Adam, AdamW, adamDefaults, adamWDefaults } from "../src/index.ts";
import { messageOf, parameter, run } from "./support.ts";

const G = [0.1, -0.2, 0.3, 0.05];
const TORCH = [0.9900000009999999, 0.9936610360388489, 0.9902286253947743, 0.986671547096806];
const KERAS = [0.9900003162177663, 0.9936612997088216, 0.9902289179210405, 0.9866718692532228];

function sequence(options: object, gradients: readonly number[] = G): number[] {
  const x = parameter([1]);
  return run(new Adam([["x", x]], { learningRate: 0.01, ...options }), x, gradients).flat();
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value / expected[i] - 1)).toBeLessThan(1e-12);
  });
}

test("each preset gives its framework's numbers by its defaults alone", () => {
  expectClose(sequence({}), TORCH);
  expectClose(sequence({ preset: "torch" }), TORCH);
  expectClose(sequence({ preset: "keras" }), KERAS);
});

test("a preset can be turned into the other by explicit options", () => {
  expectClose(sequence({ preset: "keras", epsilon: 1e-8, epsilonHat: false }), TORCH);
  expectClose(sequence({ preset: "torch", epsilon: 1e-7, epsilonHat: true }), KERAS);
});

test("the defaults are those of the frameworks", () => {
  expect(adamDefaults.torch).toMatchObject({
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
  });
  expect(adamDefaults.keras).toMatchObject({
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    weightDecay: 0,
  });
  expect(adamWDefaults.torch).toMatchObject({ weightDecay: 0.01, decoupledWeightDecay: true, epsilon: 1e-8 });
  expect(adamWDefaults.keras).toMatchObject({
    weightDecay: 0.004,
    decoupledWeightDecay: true,
    epsilon: 1e-7,
  });
});

// Two well-known libraries leave bias correction out, or multiply by it; their first step is 0.01 to 30 times as long.
test.each(["torch", "keras"] as const)(
  "the first step is lr·sign(g) whatever the size of the gradient (%s)",
  (preset) => {
    const g = [1e-3, -1e-3, 0.5, -7, 1e4, -1e150];
    const x = parameter(g.map(() => 0));
    run(new Adam([["x", x]], { learningRate: 0.01, preset }), x, [g]);
    x.data.forEach((value, i) => {
      expect(Math.abs(value / (-0.01 * Math.sign(g[i])) - 1)).toBeLessThan(preset === "keras" ? 4e-3 : 1e-4);
    });
  },
);

test("under a constant gradient every step is lr long, at once and a thousand steps later", () => {
  const x = [1, ...sequence({}, Array<number>(1000).fill(3))];
  for (const t of [1, 2, 100, 1000]) expect((x[t - 1] - x[t]) / 0.01).toBeCloseTo(1, 8);
});

test("AMSGrad remembers the largest v: a spike shortens all later steps", () => {
  const spike = [1, 100, ...Array<number>(200).fill(1)];
  const step = (options: object): number => {
    const x = sequence({ beta2: 0.9, ...options }, spike);
    return x[x.length - 2] - x[x.length - 1];
  };
  expect(step({})).toBeCloseTo(0.01, 8);
  // v = 0.9·0.1 + 0.1·100², in the place of 1.
  expect(step({ amsgrad: true })).toBeCloseTo(0.01 / Math.sqrt(1000.09), 8);
});

test("AdamW shrinks the weights by lr·weightDecay, Adam's L2 passes through the moments", () => {
  const decoupled = parameter([1]);
  run(new AdamW([["x", decoupled]], { learningRate: 0.01, weightDecay: 0.5 }), decoupled, [0.1]);
  expect(decoupled.data[0]).toBeCloseTo(0.995 - 0.01, 8);
  expect(sequence({ weightDecay: 0.5 }, [0.1])[0]).toBeCloseTo(0.99, 8); // lr·sign(0.1 + 0.5·1)
  expectClose(sequence({ weightDecay: 0.5, decoupledWeightDecay: true }, [0.1]), [...decoupled.data]);
});

test("AdamW without decoupled decay is refused, and so is what leaves the ranges", () => {
  const x = parameter([1]);
  expect(messageOf(() => new AdamW([["x", x]], { decoupledWeightDecay: false }))).toBe(
    "ArgumentError: AdamW: decoupledWeightDecay must be true, which makes it AdamW (take Adam for L2), got false",
  );
  expect(messageOf(() => sequence({ beta1: 1.2 }))).toBe(
    "ArgumentError: Adam: beta1 must be in [0, 1), got 1.2",
  );
});

test("betas of 0 make it sign descent", () => {
  expectClose(sequence({ beta1: 0, beta2: 0, epsilon: 1e-300 }), [0.99, 1, 0.99, 0.98]);
});
