import { ArgumentError, createRng, type Tensor, tensor, variable, zeros } from "@gradus/core";
import { Dense, layerOutputs, SELU, Sequential } from "@gradus/nn";
import { expect, test } from "vitest";
import { momentsOf } from "../../src/moments/moments-of.ts";
import { expectClose, moments } from "../support.ts";

test("mean and variance are those of all numbers, the variance divided by their count", () => {
  expect(
    momentsOf(
      tensor([
        [1, 3],
        [5, 7],
      ]),
    ),
  ).toEqual({ mean: 4, variance: 5 });
  expect(momentsOf(tensor(2))).toEqual({ mean: 2, variance: 0 });
  expect(momentsOf(variable(tensor([-1, 1])))).toEqual({ mean: 0, variance: 1 });
});

test("of the outputs of a net, layer by layer", () => {
  const rng = createRng("moments of");
  const net = new Sequential(new Dense(30, 40, { rng }), new SELU(), new Dense(40, 5, { rng }));
  for (const { output } of layerOutputs(net, rng.normal([50, 30]))) {
    const [found, expected] = [momentsOf(output), moments(output)];
    expectClose(found.mean, expected.mean, 1e-10);
    expectClose(found.variance, expected.variance, 1e-12);
  }
});

test("anything but a tensor, and an empty tensor, is refused", () => {
  expect(() => momentsOf(zeros([2, 0]))).toThrow("momentsOf: x is empty, shape [2,0]");
  expect(() => momentsOf([1, 2] as unknown as Tensor)).toThrow(ArgumentError);
});
