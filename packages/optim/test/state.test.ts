import { backward, createRng, matmul, Parameter, square, sum } from "@gradus/core";
import { expect, test } from "vitest";
import { Adam, SGD } from "../src/index.ts";
import { CONSTRUCTORS, gradientsOf, parameter, VARIANTS } from "./support.ts";

/** A small regression whose batches depend on the step alone. */
function training(optimizer: string, options: object) {
  const rng = createRng("state");
  const weight = new Parameter(rng.normal([4, 3]));
  const bias = new Parameter(rng.normal([3]));
  const named = [
    ["weight", weight],
    ["bias", bias],
  ] as const;
  const learningRate = (step: number): number => 0.01 / (1 + 0.1 * step);
  const driver = new CONSTRUCTORS[optimizer](named, { ...options, learningRate });
  return {
    driver,
    bits: () => [...weight.data, ...bias.data].map((x) => new BigUint64Array(Float64Array.of(x).buffer)[0]),
    weights: () => named.map(([, x]) => x.data.slice()),
    load: (values: Float64Array[]) => named.forEach(([, x], i) => void x.assign(values[i])),
    train: (steps: number) => {
      for (let i = 0; i < steps; i++) {
        const inputs = createRng(`batch ${driver.stepCount}`).normal([8, 4]);
        driver.step(backward(sum(square(matmul(inputs, weight).add(bias)))));
      }
    },
  };
}

test.each(VARIANTS)(
  "%s: 2n steps are, bit for bit, n steps, saving, restoring, and n steps",
  (_, optimizer, options) => {
    const n = 20;
    const through = training(optimizer, options);
    through.train(2 * n);
    const first = training(optimizer, options);
    first.train(n);
    const stored = structuredClone(first.driver.state());
    const weights = first.weights();
    first.train(3); // the stored state must not follow
    const second = training(optimizer, options);
    second.train(5); // and must replace whatever was there
    second.load(weights);
    second.driver.restore(stored);
    second.train(n);
    expect(second.bits()).toEqual(through.bits());
    expect(second.driver.stepCount).toBe(2 * n);
  },
);

test("the state is plain data with copies of the slots by parameter name", () => {
  const x = parameter([1, 2]);
  const adam = new Adam([["x", x]], { beta1: 0.5, beta2: 0.5 });
  adam.step(gradientsOf([x], [[2, 4]]));
  const state = adam.state();
  expect(structuredClone(state)).toEqual({
    version: 1,
    optimizer: "Adam",
    stepCount: 1,
    slots: { x: { m: Float64Array.of(1, 2), v: Float64Array.of(2, 8) } },
  });
  state.slots.x.m[0] = 99;
  expect(adam.state().slots.x.m[0]).toBe(1);
});

test("parameters may have any name", () => {
  const names = ["__proto__", "constructor", "1", "0", "", "toString"];
  const make = () => {
    const parameters = names.map((_, i) => parameter([i]));
    return {
      parameters,
      sgd: new SGD(
        parameters.map((x, i) => [names[i], x] as const),
        { momentum: 0.5 },
      ),
    };
  };
  const { parameters, sgd } = make();
  sgd.step(
    gradientsOf(
      parameters,
      names.map((_, i) => [i + 1]),
    ),
  );
  const { sgd: other } = make();
  other.restore(sgd.state());
  expect(names.map((name) => other.state().slots[name].momentum[0])).toEqual([1, 2, 3, 4, 5, 6]);
  expect((Object.prototype as Record<string, unknown>).momentum).toBeUndefined();
});
