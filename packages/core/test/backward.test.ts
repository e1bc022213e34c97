import { describe, expect, test } from "vitest";
import {
  backward,
  defineOp,
  GradientError,
  ops,
  Parameter,
  ShapeError,
  type Tensor,
  tensor,
  variable,
} from "../src/index.ts";

describe("backward", () => {
  test("adds up the gradients of a tensor that is used more than once", () => {
    const x = variable(tensor(3));
    const b = x.add(x); // Karpathy's counter-example to visiting nodes in the wrong order
    expect(backward(b.add(b)).of(x).item()).toBe(4);
    expect(backward(x.mul(x).mul(x)).of(x).item()).toBe(27);
  });

  test("gives the same gradients when called twice", () => {
    const x = variable(tensor([1, 2]));
    const y = x.exp().sum();
    expect(backward(y).of(x).toArray()).toEqual(backward(y).of(x).toArray());
  });

  test("sums gradients back over broadcast axes", () => {
    const x = variable(tensor([[1], [2]]));
    const y = variable(tensor([1, 2, 3]));
    const gradients = backward(x.mul(y).sum());
    expect(gradients.of(x).toArray()).toEqual([[6], [6]]);
    expect(gradients.of(y).toArray()).toEqual([3, 3, 3]);
  });

  test("walks a graph of 200,000 operations without recursion", () => {
    const x = variable(tensor(0));
    let y: Tensor = x;
    for (let i = 0; i < 200_000; i++) y = y.add(1);
    expect(backward(y).of(x).item()).toBe(1);
  });

  test("a variable is its own result", () => {
    const x = variable(tensor(3));
    expect(backward(x).of(x).item()).toBe(1);
  });

  test("takes a cotangent for results of more than one element", () => {
    const x = variable(tensor([1, 2]));
    const y = x.square();
    expect(
      backward(y, { cotangent: tensor([1, 10]) })
        .of(x)
        .toArray(),
    ).toEqual([2, 40]);
    expect(() => backward(y)).toThrow("backward([2]): only a single number can be differentiated");
    expect(() => backward(y, { cotangent: tensor([1]) })).toThrow(ShapeError);
  });

  test("records nothing that no gradient could flow through", () => {
    const x = tensor([1, 2]);
    expect(x.mul(2).record).toBeNull();
    expect(variable(x).greater(0).record).toBeNull();
    expect(variable(x).mul(2).record).not.toBeNull();
    expect(variable(x).detach().mul(2).record).toBeNull();
  });

  test("a plain pass records nothing, a differentiable one can be differentiated again", () => {
    const x = variable(tensor(2));
    const y = x.square().mul(x);
    expect(backward(y).of(x).tracked).toBe(false);
    const g = backward(y, { differentiable: true }).of(x);
    expect(g.item()).toBe(12);
    expect(backward(g).of(x).item()).toBe(12);
  });

  test("gives the gradient of a computed tensor when asked", () => {
    const x = variable(tensor(3));
    const y = x.square();
    const z = y.mul(y);
    expect(
      backward(z, { inputs: [y] })
        .of(y)
        .item(),
    ).toBe(18);
    expect(backward(z).get(y)).toBeUndefined();
  });

  test("refuses what cannot be differentiated, and says why", () => {
    const x = variable(tensor([1]));
    const unrelated = new Parameter([5]);
    const gradients = backward(x.sum());
    expect(() => backward(tensor(1))).toThrow("the result does not depend on any Parameter or variable(x)");
    expect(() => gradients.of(unrelated)).toThrow(
      /no gradient for this tensor of shape \[1\]: the differentiated result/,
    );
    expect(() => gradients.of(tensor([1]))).toThrow(
      /it is a constant: make it a Parameter or mark it with variable\(x\)/,
    );
    expect(() => gradients.of(x.mul(2))).toThrow(/it is computed, not a Parameter or variable/);
    for (const key of ["w", undefined, [1]]) {
      expect(() => gradients.get(key as never)).toThrow(/^gradients.of: needs a tensor, got /);
    }
    expect(gradients.get(unrelated)).toBeUndefined();
  });

  test("refuses options that are not as described", () => {
    const x = variable(tensor([1, 2]));
    const y = x.square();
    const run = (options: unknown) => () => backward(y, options as object);
    expect(run({ cotangent: [1, 1] })).toThrow("backward: cotangent must be a tensor, got [1,1]");
    expect(run({ cotangent: null })).toThrow("backward: cotangent must be a tensor, got null");
    expect(run({ differentiable: 1 })).toThrow("backward: differentiable must be true or false, got 1");
    expect(run({ inputs: x })).toThrow("backward: inputs must be an array of tensors, got Tensor");
    expect(run({ inputs: [x, 1] })).toThrow("backward: inputs must be an array of tensors");
    expect(run(tensor([1, 1]))).toThrow(/^backward: needs an options object .*, got Tensor$/);
  });

  test("refuses to use a value that was changed in place since", () => {
    const w = new Parameter([2]);
    const y = w.mul(w).sum();
    w.assign([3]);
    expect(() => backward(y)).toThrow(/input 1 of mul, shape \[1\], was changed in place after it was used/);
    const view = w.mul(w).sum();
    w.detach().assign([4]); // a detached view shares the counter
    expect(() => backward(view)).toThrow(GradientError);
  });

  test("allows changes of values that no rule needs", () => {
    const w = new Parameter([2]);
    const y = w.add(1).sum();
    w.assign([3]);
    expect(backward(y).of(w).toArray()).toEqual([1]);
  });

  test("a NaN in the branch that was not taken does not leak", () => {
    const x = variable(tensor([-1, 4]));
    const y = x.greater(0).where(x.sqrt(), 0).sum();
    expect(backward(y).of(x).toArray()).toEqual([0, 0.25]);
  });

  test("nor does an overflow: selu written with where has a slope of λ far out", () => {
    const x = variable(tensor([100, 710, 1e4]));
    const y = ops.where(x.greater(0), x.mul(1.05), x.exp().sub(1).mul(1.76));
    expect(backward(y.sum()).of(x).toArray()).toEqual([1.05, 1.05, 1.05]);
  });
});

describe("an op of one's own", () => {
  const cube = defineOp<[x: Tensor]>({
    name: "cube",
    formula: "out = x³",
    shape: ([x]) => x,
    forward: ([x], out) => {
      for (let i = 0; i < out.length; i++) out[i] = x.data[i] * x.data[i] * x.data[i];
    },
    vjp: [(g, { inputs: [x] }) => ops.mul(g, ops.mul(3, ops.square(x)))],
  });

  test("differentiates like the others", () => {
    const x = variable(tensor([1, 2]));
    expect(backward(cube(x).sum()).of(x).toArray()).toEqual([3, 12]);
  });
});
