import { backward, Gradients, mul, Parameter, type Tensor, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";

describe("what a compiled function may return", () => {
  const x = tensor([1, 2]);

  test.each([
    ["nothing", () => undefined],
    ["a number", () => 7],
    ["nested arrays and objects", (y: Tensor) => ({ a: [y.add(1), { b: y.mul(3) }], c: "text" })],
    ["its argument", (y: Tensor) => y],
    ["the same tensor twice", (y: Tensor) => ((z) => [z, z])(y.add(1))],
    ["a reshaped argument", (y: Tensor) => y.reshape({ shape: [2, 1] })],
  ])("%s", (_, f: (y: Tensor) => unknown) => {
    const flat = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value ?? null, (key, item) => (key === "data" ? [...item] : item)));
    const plain = (value: unknown): unknown =>
      flat(deep(value, (tensor) => ({ shape: tensor.shape, values: tensor.toArray() })));
    expect(plain(compile(f)(x))).toEqual(plain(f(x)));
  });

  test("sums of Gradients, with the bits of a run without compile", () => {
    const w = new Parameter([0.1, -0.7]);
    const f = (y: Tensor): Gradients => {
      const first = backward(y.mul(w).exp().sum());
      return first.add(backward(y.sub(w).square().sum())).scale(1 / 3);
    };
    const fast = compile(f);
    for (const numbers of [
      [1, 2],
      [0.3, -5],
    ]) {
      const y = tensor(numbers);
      expect(fast(y).of(w).toArray()).toEqual(f(y).of(w).toArray());
    }
    expect(fast.traced(x)).toBe(true);
  });

  test("Gradients, of parameters and of arguments that are variables", () => {
    const w = new Parameter([3, 4]);
    const f = (y: Tensor): Gradients => backward(mul(y, w).sum());
    const y = variable([1, 2]);
    const gradients = compile(f)(y);
    expect(gradients).toBeInstanceOf(Gradients);
    expect(gradients.of(w).toArray()).toEqual([1, 2]);
    expect(gradients.of(y).toArray()).toEqual([3, 4]);
  });

  test("a tensor from outside, as it is", () => {
    const w = new Parameter([3]);
    expect(compile((y: Tensor) => [w, y.add(w)])(x)[0]).toBe(w);
  });
});

function deep(value: unknown, f: (x: Tensor) => unknown): unknown {
  if (value && typeof value === "object" && "storage" in value) return f(value as Tensor);
  if (Array.isArray(value)) return value.map((item) => deep(item, f));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v, f)]));
  return value;
}
