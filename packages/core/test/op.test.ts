import { describe, expect, expectTypeOf, test } from "vitest";
import {
  ArgumentError,
  backward,
  exp,
  matmul,
  mul,
  ops,
  ShapeError,
  sum,
  type Tensor,
  tensor,
  useProduct,
  variable,
  zeros,
} from "../src/index.ts";

describe("calling an op", () => {
  test("numbers stand for scalar constants, in any position", () => {
    expect(ops.sub(1, tensor([1, 2])).toArray()).toEqual([0, -1]);
    expect(mul(2, 3).item()).toBe(6);
  });

  test("a wrong operand is refused by name and position", () => {
    expect(() => exp("a" as unknown as Tensor)).toThrow('exp: input 1 must be a tensor or a number, got "a"');
    expect(() => mul(tensor(1), [1] as unknown as Tensor)).toThrow(
      "mul: input 2 must be a tensor or a number, got [1]",
    );
    expect(() => (mul as unknown as (x: Tensor) => Tensor)(tensor(1))).toThrow("mul: needs 2 tensors, got 1");
    expect(() => exp({ storage: {}, tracked: false } as unknown as Tensor)).toThrow(
      /another copy of @gradus\/core/,
    );
  });

  test("K13: arrays and typed arrays in place of a tensor get the way to make one", () => {
    expect(() => mul(tensor(1), Float32Array.of(1) as never)).toThrow(
      "mul: input 2 must be a tensor or a number, got Float32Array; tensor(values) makes one",
    );
    expect(() => backward([1, 2] as never)).toThrow(
      "backward: needs a tensor, got [1,2]; tensor(values) makes one",
    );
    expect(() => backward(5 as never)).toThrow("backward: needs a tensor, got 5");
    const gradients = backward(sum(variable([1])));
    expect(() => gradients.of([1] as never)).toThrow("gradients.of: needs a tensor, got [1]");
    expect(() => useProduct("blocked" as never)).toThrow('useProduct: needs a function, got "blocked"');
  });

  test("params that are unknown, missing or no object are refused", () => {
    const x = zeros([2, 3]);
    expect(() => sum(x, { axis: 1 } as object)).toThrow(
      'sum: unknown param "axis"; did you mean "axes"? It takes { axes, keepDims }',
    );
    expect(() => ops.reshape(x, {} as never)).toThrow('reshape: param "shape" is missing');
    expect(() => ops.reshape(x, { shape: undefined } as never)).toThrow('reshape: param "shape" is missing');
    expect(() => ops.reshape(x, [6] as never)).toThrow("reshape: needs a params object { shape }, got [6]");
    expect(() => sum(x, [] as never)).toThrow("sum: needs a params object { axes, keepDims }, got []");
    expect(() => sum(x, x as never)).toThrow("sum: needs a params object { axes, keepDims }, got Tensor");
    expect(() => (ops.relu as (...args: unknown[]) => unknown)(x, { slope: 1 })).toThrow(
      'relu: unknown param "slope"; it takes {}',
    );
    for (const name of ["constructor", "toString", "__proto__"]) {
      const params = JSON.parse(`{ "${name}": 1 }`);
      expect(() => sum(x, params)).toThrow(`sum: unknown param "${name}"; it takes { axes, keepDims }`);
    }
    expect(() => sum(x, 1 as never)).toThrow("sum: needs a params object { axes, keepDims }, got 1");
    expect(() => sum(x, x as never)).toThrow(ArgumentError);
    expect(sum(x, { keepDims: undefined } as never).shape).toEqual([]);
  });

  test("errors say who was called with what", () => {
    expect(() => matmul(zeros([2, 3]), zeros([4, 5]))).toThrow(
      "matmul([2,3], [4,5]): inner sizes differ: 3 vs 4",
    );
    expect(() => zeros([2]).mul(zeros([3]))).toThrow(ShapeError);
    // An op made of other ops reports itself, not its parts.
    expect(() => ops.mean(zeros([2]), { axes: 3 })).toThrow(/^mean\(\[2\]\): axis 3 is out of range/);
  });
});

describe("the registry as methods", () => {
  test("every op but those that take a list is a method", () => {
    for (const [name, op] of Object.entries(ops)) {
      expect(name in zeros([1]), name).toBe(!("list" in op.spec));
    }
  });

  test("methods compute what the functions compute", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(x.matmul(x).add(1).sum({ axes: 0 }).toArray()).toEqual([24, 34]);
  });

  test("methods have the types of their ops", () => {
    expectTypeOf(zeros([1]).add).parameters.toEqualTypeOf<[y: Tensor | number]>();
    expectTypeOf(zeros([1]).split).returns.toEqualTypeOf<Tensor[]>();
    // @ts-expect-error: sum has no param of that name
    expect(() => zeros([1]).sum({ axis: 0 })).toThrow(ArgumentError);
    // @ts-expect-error: concat takes a list and is no method
    expect(zeros([1]).concat).toBeUndefined();
  });
});

describe("R15: what a tensor and its gradient depend on cannot be changed from outside", () => {
  test("R15: x.shape is frozen, whatever made x", () => {
    const given = [2, 3];
    const x = zeros(given);
    const made = [
      x,
      tensor([[1]]),
      tensor([1, 2], [2, 1]),
      x.add(1),
      x.matmul(x.transpose()),
      x.sum(),
      x.detach(),
      variable(x),
      x.reshape({ shape: given }),
      x.flatten(),
    ];
    for (const { shape } of made) {
      expect(Object.isFrozen(shape)).toBe(true);
      expect(() => (shape as number[]).push(1)).toThrow(TypeError);
    }
    given[0] = 7; // the caller's own array stays free, and is not the shape
    expect([x.shape, made[8].shape]).toEqual([
      [2, 3],
      [2, 3],
    ]);
  });

  test("R15: an array among the params may be changed after the call: the gradient is that of the call", () => {
    const x = variable([
      [1, 2],
      [3, 4],
    ]);
    const axes = [0];
    const weights = tensor([10, 20]);
    const y = sum(mul(sum(x, { axes }), weights));
    axes[0] = 1;
    // d/dxᵢⱼ of Σⱼ wⱼ·Σᵢ xᵢⱼ is wⱼ.
    expect(backward(y).of(x).toArray()).toEqual([
      [10, 20],
      [10, 20],
    ]);
  });
});
