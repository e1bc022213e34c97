import vm from "node:vm";
import {
  ArgumentError,
  backward,
  GradientError,
  Gradients,
  GradusError,
  grad,
  hvp,
  jacobian,
  mul,
  Parameter,
  type Tensor,
  tensor,
  variable,
} from "@gradus/core";
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

  test.each([
    ["an object without a prototype", (y: Tensor) => Object.assign(Object.create(null), { y: y.add(1) })],
    ["one of another realm", (y: Tensor) => Object.assign(vm.runInNewContext("({})"), { y: y.add(1) })],
    [
      "one with a getter that computes",
      (y: Tensor) => ({
        get y() {
          return y.add(1);
        },
      }),
    ],
  ])("%s", (_, f) => {
    const fast = compile(f as (y: Tensor) => { y: Tensor });
    expect(fast(x).y.toArray()).toEqual([2, 3]);
    expect(fast(tensor([5, 6])).y.toArray()).toEqual([6, 7]);
  });

  test("a tensor under a symbol", () => {
    const key = Symbol("y");
    expect(compile((y: Tensor) => ({ [key]: y.add(1) }))(x)[key].toArray()).toEqual([2, 3]);
  });

  test("one tensor twice, as one tensor", () => {
    const fast = compile((y: Tensor) => {
      const [computed, made] = [y.add(1), tensor([7])];
      return [computed, { computed, made }, made] as const;
    });
    const [a, { computed, made }, b] = fast(x);
    expect([a === computed, b === made]).toEqual([true, true]);
    expect(fast(x)[0]).not.toBe(a);
  });

  test("a list that the function adds to, with the tensors of the first call for these shapes", () => {
    const list: Tensor[] = [];
    const fast = compile((y: Tensor) => {
      list.splice(0, list.length, y.add(1), ...(y.size > 2 ? [y.mul(2)] : []));
      return list;
    });
    const sizes = (y: Tensor): number[][] => fast(y).map(({ data }) => [...data]);
    expect(sizes(x)).toEqual([[2, 3]]);
    expect(sizes(tensor([1, 2, 3]))).toEqual([
      [2, 3, 4],
      [2, 4, 6],
    ]);
    expect(sizes(tensor([5, 6]))).toEqual([[6, 7]]);
  });

  test("a tensor from outside, as it is", () => {
    const w = new Parameter([3]);
    expect(compile((y: Tensor) => [w, y.add(w)])(x)[0]).toBe(w);
  });
});

class Outcome {
  readonly y: Tensor;
  constructor(y: Tensor) {
    this.y = y;
  }
}

/** A tensor as another copy of the package makes it. */
class Foreign {
  readonly tracked = false;
  readonly data = Float64Array.of(1);
}

describe("a compiled function must not return", () => {
  const cyclic = (y: Tensor): unknown => {
    const object: Record<string, unknown> = { y };
    object.self = [object];
    return object;
  };

  test.each([
    ["a Map", (y: Tensor) => ({ all: [y, new Map([["y", y.add(1)]])] }), /returns Map, at result\.all\[1\]/],
    ["a Set", (y: Tensor) => new Set([y]), /returns Set, which/],
    ["a function", (y: Tensor) => () => y.add(1), /returns function, which later calls could not compute/],
    ["an object of a class", (y: Tensor) => new Outcome(y.add(1)), /returns Outcome, which.* plain objects/],
    ["a tensor of another copy", () => [new Foreign()], /returns Foreign of another copy of @gradus\/core/],
    ["an array of another kind", () => Float64Array.of(1), /returns Float64Array/],
    ["an iterator", (y: Tensor) => [y].values(), /returns Object|returns Array Iterator/],
    ["what contains itself", cyclic, /contain themselves, or that are more than 64 inside each other/],
  ])("%s", (_, f, message) => {
    const fast = compile(f as (y: Tensor) => unknown);
    for (let call = 0; call < 2; call++) {
      expect(() => fast(tensor([1, 2]))).toThrow(message);
      expect(() => fast(tensor([1, 2]))).toThrow(ArgumentError);
    }
  });

  test("a tensor that was computed in another call", () => {
    let kept: Tensor | undefined;
    const fast = compile((y: Tensor) => {
      kept ??= y.add(1);
      return kept;
    });
    fast(tensor([1, 2]));
    expect(fast(tensor([3, 4])).toArray()).toEqual([4, 5]); // the op of the trace
    expect(() => fast(tensor([1, 2, 3]))).toThrow(/while another function, or an earlier call, was traced/);
    expect(() => compile(() => [kept])()).toThrow(/while another function, or an earlier call, was traced/);
  });
});

describe("no gradient is lost without a word in the result of a compiled function", () => {
  const square = compile((y: Tensor) => y.square().sum());
  const x = tensor([1, 2]);

  test.each<[string, () => unknown]>([
    ["grad", () => grad(square)(x)],
    ["a sum with other terms", () => grad((y) => square(y).add(y.sum()))(x)],
    ["of something computed", () => grad((y) => square(y.mul(3)).add(y.sum()))(x)],
    ["jacobian", () => jacobian(square)(x)],
    ["hvp", () => hvp(square, x, x)],
    ["a compiled function in a compiled one", () => compile((y: Tensor) => grad(square)(y))(x)],
    [
      "one of two results",
      () => {
        const both = compile((y: Tensor) => ({ sum: y.sum(), size: tensor(y.size) }));
        return grad((y) => both(y).sum.add(y.sum()).add(both(y).size))(x);
      },
    ],
  ])("%s", (_, run) => {
    expect(run).toThrow(GradientError);
    expect(run).toThrow(/no gradient flows through the result of a compiled function.*x\.detach\(\)/);
  });

  test("a constant of a constant is none, and nor is what does not depend on the argument", () => {
    expect(grad((y) => square(y.detach()).mul(y).sum())(x).toArray()).toEqual([5, 5]);
    const size = compile((y: Tensor) =>
      y
        .detach()
        .sum()
        .add(new Parameter([1])),
    );
    expect(grad((y) => size(y).mul(y).sum())(x).toArray()).toEqual([4, 4]);
  });

  test("results that nobody differentiates are as before", () => {
    const w = new Parameter([3, 4]);
    const step = compile((y: Tensor) => {
      const loss = mul(y, y).sum();
      return { loss, gradients: backward(loss) };
    });
    const { loss, gradients } = step(w);
    expect([loss.item(), gradients.of(w).toArray()]).toEqual([25, [6, 8]]);
  });

  test("a tensor from outside keeps its gradient, also in a compiled function in a compiled one", () => {
    const w = new Parameter([3, 4]);
    const computed = w.mul(2);
    const inner = compile(() => computed);
    expect(inner()).toBe(computed);
    expect(compile(() => backward(inner().sum()).of(w))().toArray()).toEqual([2, 2]);
  });

  test("it is an error of gradus", () => {
    expect(() => grad(square)(x)).toThrow(GradusError);
  });
});

function deep(value: unknown, f: (x: Tensor) => unknown): unknown {
  if (value && typeof value === "object" && "storage" in value) return f(value as Tensor);
  if (Array.isArray(value)) return value.map((item) => deep(item, f));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v, f)]));
  return value;
}
