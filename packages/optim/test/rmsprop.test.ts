import { expect, test } from "vitest";
import { RMSprop, rmspropDefaults } from "../src/index.ts";
import { messageOf, parameter, run } from "./support.ts";

const G = [0.1, -0.2, 0.3, 0.05];

function sequence(options: object, gradients: readonly number[] = G): number[] {
  const x = parameter([1]);
  return run(new RMSprop([["x", x]], { learningRate: 0.01, ...options }), x, gradients).flat();
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value / expected[i] - 1)).toBeLessThan(1e-12);
  });
}

test("each preset gives its framework's numbers by its defaults alone", () => {
  expectClose(sequence({}), [0.9000000999999, 0.9895323561269267, 0.9091819282472541, 0.8958430004007153]);
  const keras = [0.9683788044185708, 0.9969499414492722, 0.9710436500347321, 0.9665387981741471];
  expectClose(sequence({ preset: "keras" }), keras);
  expectClose(sequence({ rho: 0.9, epsilon: 1e-7, epsilonInside: true }), keras);
});

test("Keras 2.0 RMSprop can be set up from either preset", () => {
  const keras2 = [0.968377233398313, 0.9969486578881095, 0.9710422721177038, 0.9665374023788709];
  expectClose(sequence({ preset: "keras", epsilon: 1e-8, epsilonInside: false }), keras2);
  expectClose(sequence({ preset: "torch", rho: 0.9 }), keras2);
});

test("the defaults are those of the frameworks", () => {
  expect(rmspropDefaults.torch).toEqual({
    learningRate: 0.01,
    rho: 0.99,
    epsilon: 1e-8,
    epsilonInside: false,
    centered: false,
    momentum: 0,
    learningRateInMomentum: false,
    weightDecay: 0,
    decoupledWeightDecay: false,
  });
  expect(rmspropDefaults.keras).toEqual({
    learningRate: 0.001,
    rho: 0.9,
    epsilon: 1e-7,
    epsilonInside: true,
    centered: false,
    momentum: 0,
    learningRateInMomentum: true,
    weightDecay: 0,
    decoupledWeightDecay: true,
  });
});

test("the momentum conventions differ when the rate changes", () => {
  const falling = {
    momentum: 0.9,
    rho: 0,
    epsilon: 1e-300,
    learningRate: (step: number) => (step < 1 ? 0.1 : 0.01),
  };
  // With rho 0 each g / √v is 1: b = 1, 1.9 and lr·b against b = 0.1, 0.09 + 0.01.
  expectClose(sequence({ ...falling, learningRateInMomentum: false }, [1, 1]), [0.9, 0.9 - 0.019]);
  expectClose(sequence({ ...falling, learningRateInMomentum: true }, [1, 1]), [0.9, 0.9 - 0.1]);
});

test.each(["torch", "keras"] as const)(
  "centred on a constant gradient, rounding never roots a negative (%s)",
  (preset) => {
    // Some of these round v − a² to below 0, by more than Keras' epsilon where they are large.
    const g = Array.from({ length: 60 }, (_, i) => (i + 0.37) * (i % 2 === 0 ? 1 : 1e6));
    const x = parameter(g.map(() => 1));
    const rmsprop = new RMSprop([["x", x]], { preset, rho: 0.9, centered: true, learningRate: 1e-12 });
    run(rmsprop, x, Array<number[]>(2000).fill(g));
    expect(x.data.every(Number.isFinite)).toBe(true);
  },
);

test("values out of range are refused", () => {
  expect(messageOf(() => sequence({ rho: 1.5 }))).toBe(
    "ArgumentError: RMSprop: rho must be in [0, 1), got 1.5",
  );
  expect(messageOf(() => sequence({ epsilon: 0 }))).toBe(
    "ArgumentError: RMSprop: epsilon must be a finite number > 0, got 0",
  );
});
