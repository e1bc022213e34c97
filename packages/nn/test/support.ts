import { createRng, type Shape, type Tensor } from "@gradus/core";
import { gradcheck, gradgradcheck } from "@gradus/core/testing";
import { expect } from "vitest";
import { type Layer, namedParameters } from "../src/index.ts";

/** Gradients of first and second order of a layer with respect to its input and to every parameter. */
export function checkLayer(layer: Layer, inputs: readonly Tensor[], train = false): void {
  const parameters = namedParameters(layer);
  const f = (...args: Tensor[]): Tensor => {
    const put = (values: readonly Tensor[]): void =>
      parameters.forEach(([name], i) => {
        const path = name.split(".");
        const owner = path.slice(0, -1).reduce((at: object, key) => Reflect.get(at, key), layer);
        Reflect.set(owner, path[path.length - 1], values[i]);
      });
    put(args.slice(inputs.length));
    const [x] = inputs.length === 0 ? [undefined] : args;
    const out = layer.forward(x as Tensor, train ? { train, rng: createRng("masks") } : undefined);
    put(parameters.map(([, parameter]) => parameter));
    return out;
  };
  const all = [...inputs, ...parameters.map(([, parameter]) => parameter)];
  gradcheck(f, all, { name: String(layer) });
  gradgradcheck(f, all, { name: String(layer) });
}

/** Random numbers in [-2, 2] that keep 0.05 away from 0, where most activations have a kink. */
export function awayFromKinks(shape: Shape, seed = "x"): Tensor {
  const x = createRng(seed).uniform(shape, { low: 0.05, high: 2 });
  const signs = createRng(`${seed}/signs`);
  for (let i = 0; i < x.size; i++) if (signs.next() < 0.5) x.data[i] = -x.data[i];
  return x;
}

/** Mean, variance and fourth central moment of a tensor's numbers. */
export function moments({ data }: Tensor): { mean: number; variance: number; fourth: number } {
  let mean = 0;
  for (const value of data) mean += value / data.length;
  let variance = 0;
  let fourth = 0;
  for (const value of data) {
    const square = (value - mean) * (value - mean);
    variance += square / data.length;
    fourth += (square * square) / data.length;
  }
  return { mean, variance, fourth };
}

/** Mean and variance lie within 5 standard errors of what they should be. */
export function expectMoments(x: Tensor, mean: number, variance: number): void {
  const actual = moments(x);
  expect(Math.abs(actual.mean - mean)).toBeLessThanOrEqual(5 * Math.sqrt(actual.variance / x.size));
  const error = Math.sqrt((actual.fourth - actual.variance * actual.variance) / x.size);
  expect(
    Math.abs(actual.variance - variance),
    `variance ${actual.variance} instead of ${variance}`,
  ).toBeLessThanOrEqual(5 * error);
}

/** |actual − expected| ≤ tolerance·|expected|. */
export function expectClose(actual: number, expected: number, tolerance = 1e-14): void {
  expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
}

/** All elements, as {@link expectClose}. */
export function expectAllClose(actual: Tensor, expected: readonly number[], tolerance = 1e-14): void {
  expect(actual.size).toBe(expected.length);
  expected.forEach((value, i) => {
    expectClose(actual.data[i], value, tolerance);
  });
}
