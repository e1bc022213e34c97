import { describe, expect, test } from "vitest";
import {
  backward,
  defineListOp,
  defineOp,
  deriveOp,
  ops,
  Parameter,
  type Tensor,
  tensor,
} from "../src/index.ts";

const copy = {
  name: "copy",
  formula: "y = x",
  shape: ([x]: readonly (readonly number[])[]) => x,
  forward: ([x]: readonly Tensor[], out: Float64Array) => out.set(x.data),
  vjp: [(g: Tensor) => g],
};
const opOf = (changes: object): ((...args: unknown[]) => Tensor) =>
  (defineOp as unknown as (spec: object) => (...args: unknown[]) => Tensor)({ ...copy, ...changes });
const x = tensor([1, 2]);

test("a sound declaration works as before", () => {
  const p = new Parameter([1, 2]);
  expect(backward(opOf({})(p).sum()).of(p).toArray()).toEqual([1, 1]);
  expect(ops.add.spec.name).toBe("add");
});

describe("K13: a declaration without one of its parts is refused when it is made", () => {
  test.each([
    ["name", undefined, "defineOp: name must be a string, got undefined"],
    ["shape", undefined, "defineOp: shape must be a function, got undefined"],
    ["forward", "x", 'defineOp: forward must be a function, got "x"'],
    [
      "vjp",
      undefined,
      "defineOp: vjp must be a list with a gradient rule (a function, or null) for each input, got undefined",
    ],
    ["vjp", [undefined], "defineOp: vjp must be a list"],
    ["vjp", () => x, "defineOp: vjp must be a list"],
    ["defaults", 5, "defineOp: defaults must be an object, got 5"],
    ["vpj", [], 'defineOp: unknown option "vpj"; did you mean "vjp"?'],
  ])("%s: %s", (name, value, message) => {
    expect(() => opOf({ [name]: value })).toThrow(message);
  });
  test("none at all, and those of the other kinds of ops", () => {
    expect(() => defineOp(undefined as never)).toThrow("defineOp: needs an options object { name, formula,");
    expect(() => defineListOp({ ...copy, vjp: undefined } as never)).toThrow(
      "defineListOp: vjp must be a list",
    );
    const derived = { name: "twice", formula: "2x", arity: 1, compute: () => x };
    expect(() => deriveOp({ ...derived, arity: "1" } as never)).toThrow(
      "deriveOp: arity must be a whole number ≥ 0",
    );
    expect(() => deriveOp({ ...derived, compute: undefined } as never)).toThrow(
      "deriveOp: compute must be a function",
    );
  });
});

describe("K13: functions of a declaration that give something else are refused when they have run", () => {
  test.each([
    [{ shape: () => undefined }, "copy([2]): the shape rule: a shape is an array of sizes, got undefined"],
    [{ shape: () => [1.5] }, "copy([2]): the shape rule: size 1.5 at axis 0 is not a whole number ≥ 0"],
    [
      { forward: () => Float64Array.of(1, 2) },
      "copy([2]): forward fills out, and what it returns is not read: it returned Float64Array",
    ],
    [{ forward: async () => {} }, "what it returns is not read: it returned Promise"],
  ])("%o", (changes, message) => {
    expect(() => opOf(changes)(x)).toThrow(message);
  });
  test.each([undefined, Promise.resolve(x), null])("a compute that returns %o", (out) => {
    const op = deriveOp({
      name: "twice",
      formula: "2x",
      arity: 1,
      compute: () => out,
    } as never) as unknown as typeof ops.neg;
    expect(() => op(x)).toThrow(/^twice\(\[2\]\): compute must return a tensor, got/);
  });

  test.each([
    [undefined, "backward: gradient rule 1 of copy must return a tensor, got undefined"],
    [[1, 1], "must return a tensor, got [1,1]"],
    [Promise.resolve(x), "must return a tensor, got Promise"],
    [tensor([1, 2, 3]), "backward: gradient rule 1 of copy returned the shape [3] for an input of shape [2]"],
    [tensor(1), "returned the shape [] for an input of shape [2]"],
    [tensor([[1, 2], [3, 4]]), "returned the shape [2,2] for an input of shape [2]"], // biome-ignore format: one line
  ])("a gradient rule that returns %s", (gradient, message) => {
    const p = new Parameter([1, 2]);
    expect(() => backward(opOf({ vjp: [() => gradient] })(p).sum())).toThrow(message);
  });

  test("a gradient that was broadcast is summed back as before", () => {
    const outer = defineOp<[a: Tensor, b: Tensor]>({
      name: "outer",
      formula: "a + b",
      shape: ([, b]) => b,
      vjp: [(g) => g, (g) => g], // biome-ignore format: one line
      forward: ([a, b], out) => out.set(b.data.map((value, i) => value + a.data[i % 2])),
    });
    const p = new Parameter([1, 2]);
    expect(backward(outer(p, tensor([[1, 2], [3, 4]])).sum()).of(p).toArray()).toEqual([2, 2]); // biome-ignore format: one line
  });
});
