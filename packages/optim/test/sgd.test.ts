import { expect, test } from "vitest";
import { SGD, sgdDefaults } from "../src/index.ts";
import { messageOf, parameter, run } from "./support.ts";

const G = [0.1, -0.2, 0.3, 0.05];

function sequence(options: object, gradients: readonly number[] = G): number[] {
  const x = parameter([1]);
  return run(new SGD([["x", x]], options), x, gradients).flat();
}

test("the presets differ in the learning rate, the place of the learning rate and the kind of decay, and in nothing else", () => {
  const { torch, keras } = sgdDefaults;
  expect(torch).toMatchObject({
    learningRate: 0.001,
    learningRateInMomentum: false,
    decoupledWeightDecay: false,
  });
  expect(keras).toMatchObject({
    learningRate: 0.01,
    learningRateInMomentum: true,
    decoupledWeightDecay: true,
  });
  const common = { momentum: 0, dampening: 0, nesterov: false, weightDecay: 0 };
  expect(torch).toMatchObject(common);
  expect(keras).toMatchObject(common);
});

test("the default preset is torch", () => {
  expect(sequence({})).toEqual(sequence({ preset: "torch" }));
  expect(sequence({})).not.toEqual(sequence({ preset: "keras" }));
});

test("both momentum conventions agree while the rate is constant and differ when it changes", () => {
  const constant = { learningRate: 0.01, momentum: 0.9 };
  const torch = sequence({ ...constant, preset: "torch" });
  sequence({ ...constant, preset: "keras" }).forEach((x, i) => {
    expect(x).toBeCloseTo(torch[i], 14);
  });
  const falling = { momentum: 0.9, learningRate: (step: number) => (step < 2 ? 0.01 : 0.001) };
  // By hand: b = 0.1, −0.11, 0.201, 0.2309 and lr·b against v = 0.001, −0.0011, then 0.9·v + 0.001·g.
  expect(sequence({ ...falling, preset: "torch" })[2]).toBeCloseTo(1 - 0.001 + 0.0011 - 0.000201, 14);
  expect(sequence({ ...falling, preset: "keras" })[2]).toBeCloseTo(
    1 - 0.001 + 0.0011 - (-0.00099 + 0.0003),
    14,
  );
});

test("conventions can be mixed by explicit options", () => {
  const mixed = sequence({
    momentum: 0.9,
    learningRate: 0.01,
    learningRateInMomentum: true,
    weightDecay: 0.1,
  });
  expect(mixed[0]).toBeCloseTo(0.998, 14); // L2, as the torch preset has it
  const decoupled = sequence({
    momentum: 0.9,
    learningRate: 0.01,
    weightDecay: 0.1,
    decoupledWeightDecay: true,
  });
  expect(decoupled[0]).toBeCloseTo(1 - 0.01 * 0.1 - 0.01 * 0.1, 14);
  expect(decoupled[1]).toBeCloseTo(0.998 - 0.01 * 0.1 * 0.998 - 0.01 * (0.9 * 0.1 - 0.2), 14);
});

test("dampening does not apply to the first step, as in PyTorch", () => {
  const damped = sequence({ learningRate: 1, momentum: 0.5, dampening: 0.5 }, [1, 1, 1]);
  expect(damped).toEqual([0, -1, -2]); // b = 1, then 0.5·1 + 0.5·1
});

test("Nesterov's momentum with a dampened or absent buffer is refused", () => {
  expect(messageOf(() => sequence({ nesterov: true }))).toBe(
    "ArgumentError: SGD: nesterov needs momentum > 0 and dampening 0, got momentum 0 and dampening 0",
  );
  expect(messageOf(() => sequence({ nesterov: true, momentum: 0.9, dampening: 0.1 }))).toMatch(
    /nesterov needs momentum > 0 and dampening 0, got momentum 0.9 and dampening 0.1/,
  );
});
