import { GradientError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { CONSTRUCTORS, gradientsOf, parameter } from "./support.ts";

const SQUARING = ["Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "NAdam", "RAdam"];
const presets = ["torch", "keras"] as const;
const cases = SQUARING.flatMap((name) => presets.map((preset) => [name, { preset }] as const));

/** Two parameters and an optimizer. */
function made(name: string, options: object) {
  const [x, y] = [parameter([1, 2, 3]), parameter([4])];
  const optimizer = new CONSTRUCTORS[name]([["x", x], ["y", y]], options); // biome-ignore format: one line
  const step = (g: number[], h: number[]) => optimizer.step(gradientsOf([x, y], [g, h]));
  return { x, y, optimizer, step };
}

describe("R12: gradients whose squares overflow:", () => {
  test.each(cases)("%s %o refuses them and changes nothing", (name, options) => {
    const { x, y, optimizer, step } = made(name, options);
    step([1, -2, 0.5], [1]);
    const before = JSON.stringify([[...x.data], [...y.data], optimizer.state()]);
    for (const bad of [1e160, -1e160, 1e200, 1.7e308]) {
      expect(() => step([1, bad, 1], [1])).toThrow(GradientError);
      expect(() => step([1, bad, 1], [1])).toThrow(
        `${name.toLowerCase()}.step: the gradient of "x" has an element ${bad}, too large for ${name}: its `,
      );
      expect(() => step([1, 1, 1], [bad])).toThrow('the gradient of "y" has an element');
    }
    expect(JSON.stringify([[...x.data], [...y.data], optimizer.state()])).toBe(before);
    step([1, 1, 1], [1]);
    expect(optimizer.stepCount).toBe(2);
  });

  test.each(cases)("%s %o makes the step of a gradient of 1e153, which has a square", (name, options) => {
    const { x, optimizer, step } = made(name, options);
    const other = made(name, options);
    step([1e153, 1, 1], [1]);
    other.step([1e100, 1, 1], [1]);
    if (name === "Adadelta" || name === "RAdam") return; // their first steps are not of the size of the rate
    expect(x.data[0]).toBeLessThan(1);
    expect(x.data[0]).toBeCloseTo(other.x.data[0], 12);
    expect(optimizer.stepCount).toBe(1);
  });

  test.each(["SGD", "Adamax"])("%s, which keeps no squares, makes the step", (name) => {
    const { x, step } = made(name, { learningRate: 0.5 });
    step([1e160, 1, 1], [1]);
    expect(x.data[0]).toBeLessThan(1);
  });

  test("a gradient that is clipped first is no longer too large; with a decay of large weights one can become so", () => {
    for (const clip of [{ value: 1 }, { norm: 1 }, { globalNorm: 1 }]) {
      const { x, step } = made("Adam", { clip });
      step([1e160, 1, 1], [1]);
      expect(x.data[0]).toBeCloseTo(0.999, 6);
    }
    const { x, step } = made("Adam", { weightDecay: 0.1 });
    x.data[2] = 1e160;
    expect(() => step([1, 1, 1], [1])).toThrow('the gradient of "x" has an element');
    expect([...x.data]).toEqual([1, 2, 1e160]);
  });

  test("NaN and infinite gradients pass into the weights, as documented", () => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const { x, optimizer, step } = made("Adam", {});
      step([bad, 1, 1], [1]);
      expect(x.data[0]).toBeNaN();
      expect(optimizer.stepCount).toBe(1);
      const second = made("Adam", {});
      expect(() => second.step([bad, 1e160, 1], [1])).toThrow("has an element 1e+160");
    }
  });

  test("Adagrad refuses the step in which its sum overflows", () => {
    const { step } = made("Adagrad", {});
    step([1e154, 1, 1], [1]);
    expect(() => step([1e154, 1, 1], [1])).toThrow("its sum, which adds up squares, would become Infinity");
  });
});

test("R12: the wider parameters of a group are found by their own gradient", () => {
  const x = parameter([1, 2]);
  const adam = new CONSTRUCTORS.Adam([{ parameters: [["w", x]], learningRate: 0.1 }] as never);
  expect(() => adam.step(gradientsOf([x], [[1, 1e170]]))).toThrow(
    'the gradient of "w" has an element 1e+170',
  );
});
