import { describe, expect, test } from "vitest";
import {
  backward,
  defineOp,
  linear,
  log,
  Parameter,
  type Tensor,
  tensor,
  trapNumerics,
  variable,
  zeros,
} from "../../src/index.ts";
import { big } from "./faults.ts";
import { caught, line, operands } from "./support.ts";

describe("in the backward pass it catches", () => {
  test("an infinite slope, and names the forward op", () => {
    let before = 0;
    const net = (x: Tensor): Tensor => {
      before = line();
      return x.sqrt();
    };
    const x = variable([4, 0]);
    const error = caught((trap) => {
      const y = trap.layer("layers.1 (Root)", () => net(x)).sum();
      return trap.layer("the loss", () => backward(y));
    });
    expect(error).toMatchObject({
      phase: "backward",
      op: "sqrt",
      inner: "div",
      rule: { op: "sqrt", input: 0 },
      layer: "layers.1 (Root)",
      index: [1],
      value: Infinity,
    });
    expect(operands(error)).toEqual([0.5, 0]);
    expect(error.site).toMatch(new RegExp(`backward\\.test\\.ts:${before + 1}:\\d+$`));
    expect(error.message).toMatch(
      "the gradient rule of sqrt towards input 1: div([], [2]) made Infinity at [1] of finite numbers: input 1 is 0.5, " +
        "input 2 there is 0; in layer layers.1 (Root); sqrt was called at ",
    );
    // Also where forward and backward are trapped apart, and where forward was not trapped at all.
    const y = trapNumerics((trap) => trap.layer("layers.1 (Root)", () => net(x)).sum());
    expect(caught(() => backward(y))).toMatchObject({ layer: "layers.1 (Root)", site: error.site });
    const untrapped = net(x).sum();
    expect(caught(() => backward(untrapped))).toMatchObject({ op: "sqrt", layer: null });
  });

  test("a rule of a custom op, whether it uses ops or not", () => {
    const opWith = (rule: (g: Tensor) => Tensor) =>
      defineOp<[a: Tensor, b: Tensor]>({
        name: "odd",
        formula: "a",
        shape: ([a]) => a,
        forward: ([a], out) => out.set(a.data),
        vjp: [(g) => g, rule],
      });
    const [a, b] = [variable([1, 2]), variable([3, 4])];
    const withOps = caught(() => backward(opWith((g) => log(g.mul(-1)))(a, b).sum()));
    expect(withOps).toMatchObject({ op: "odd", inner: "log", rule: { op: "odd", input: 1 }, index: [0] });
    const without = caught(() => backward(opWith(() => tensor([0, Number.NaN]))(a, b).sum()));
    expect(without).toMatchObject({ op: "odd", inner: null, rule: { op: "odd", input: 1 }, index: [1] });
    expect(without.message).toMatch(
      "the gradient rule of odd towards input 2 made NaN at [1] of finite numbers: the incoming gradient lies in [1, 1], " +
        "input 2 lies in [1, 2], input 3 lies in [3, 4]; odd was called at ",
    );
  });

  test("a part of a derived op, a sum of gradients and a second derivative", () => {
    const w = new Parameter([[1e-300]]);
    const inDerived = caught(() =>
      backward(
        linear(tensor([[big]]), w, zeros([1]))
          .mul(big)
          .sum(),
      ),
    );
    expect(inDerived).toMatchObject({ op: "linear", inner: "matmul", rule: { op: "matmul", input: 1 } });
    expect(inDerived.message).toMatch(
      "the gradient rule of matmul towards input 2, a part of linear: matmul(",
    );
    const x = variable([0.1]);
    const huge = tensor([1e308]);
    expect(caught(() => backward(x.mul(huge).add(x.mul(huge)).sum()))).toMatchObject({
      phase: "backward",
      inner: "add",
      rule: { op: "mul", input: 0 },
    });
    const twice = caught(() => {
      const u = variable([0]);
      const first = backward(u.pow(1.5).sum(), { differentiable: true }).of(u);
      expect(first.toArray()).toEqual([0]);
      return backward(first.sum());
    });
    expect(twice).toMatchObject({ phase: "backward", op: "pow", inner: "slopeByBase", value: Infinity });
  });

  test("nothing if the incoming gradient was not finite", () => {
    const x = variable([0]);
    const y = x.sqrt();
    const gradient = trapNumerics(() => backward(y, { cotangent: tensor([Infinity]) }).of(x));
    expect(gradient.toArray()).toEqual([Infinity]);
  });
});
