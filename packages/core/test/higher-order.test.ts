import { expect, test } from "vitest";
import {
  ArgumentError,
  grad,
  hessian,
  hvp,
  jacobian,
  ShapeError,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from "../src/index.ts";

test("grad of grad of grad of x⁴ is 24x", () => {
  const f = grad(grad(grad((x) => x.square().square())));
  expect(f(tensor(2)).item()).toBe(48);
});

test("grad passes further arguments on", () => {
  const f = grad((x, scale: number) => x.square().mul(scale).sum());
  expect(f(tensor([1, 2]), 3).toArray()).toEqual([6, 12]);
});

test("a nested grad at the same point keeps x and y apart", () => {
  // d/dx [ d/dy (x·y) at y = x ] = d/dx x = 1; one tensor in both roles would give d/dx 2x = 2.
  const f = grad((x) => grad((y) => x.mul(y))(x));
  expect(f(tensor(3)).item()).toBe(1);
});

test("a nested grad differentiates at a computed point", () => {
  // d/dx of (d/dy y³ at y = x²) = d/dx 3x⁴ = 12x³
  const f = grad((x) => grad((y) => y.mul(y).mul(y))(x.square()));
  expect(f(tensor(2)).item()).toBe(96);
});

test("valueAndGrad gives both, and zeros where the function is constant", () => {
  const { value, gradient } = valueAndGrad((x) => x.square().sum())(tensor([3, 4]));
  expect([value.item(), gradient.toArray()]).toEqual([25, [6, 8]]);
  expect(grad(() => tensor(5))(tensor([1, 2])).toArray()).toEqual([0, 0]);
});

test("the jacobian of a function from [2] to [2, 2] has shape [2, 2, 2]", () => {
  const J = jacobian((x) => x.outer(x))(tensor([2, 3]));
  expect(J.shape).toEqual([2, 2, 2]);
  // ∂(xᵢxⱼ)/∂xₖ = δᵢₖxⱼ + δⱼₖxᵢ
  expect(J.toArray()).toEqual([
    [
      [4, 0],
      [3, 2],
    ],
    [
      [3, 2],
      [0, 6],
    ],
  ]);
});

test("the hessian of x₀²·x₁ is [[2x₁, 2x₀], [2x₀, 0]], and hvp multiplies with it", () => {
  const f = (x: ReturnType<typeof tensor>) =>
    x
      .slice({ axis: 0, end: 1 })
      .square()
      .mul(x.slice({ axis: 0, start: 1 }))
      .sum();
  expect(hessian(f)(tensor([2, 3])).toArray()).toEqual([
    [6, 4],
    [4, 0],
  ]);
  expect(hvp(f, tensor([2, 3]), tensor([1, 10])).toArray()).toEqual([46, 4]);
  expect(() => hvp(f, tensor([2, 3]), tensor([1]))).toThrow(ShapeError);
});

test.each([
  ["grad", grad],
  ["valueAndGrad", valueAndGrad],
  ["jacobian", jacobian],
  ["hessian", hessian],
] as const)("K13: %s refuses what is no function, and a function that returns no tensor", (name, make) => {
  expect(() => make("tanh" as never)).toThrow(`${name}: f must be a function, got "tanh"`);
  // Without the check this gives gradients of 0: the number has lost where it came from.
  const f = make(((x: Tensor) => x.item() ** 2) as never);
  expect(() => f(tensor(3))).toThrow(`${name}: the function must return a tensor, got 9`);
  expect(() => f(tensor(3))).toThrow(ArgumentError);
});

test.each(Object.entries({ grad, valueAndGrad, jacobian, hessian }))(
  "K13: what %s makes refuses anything but a tensor",
  (name, make) => {
    const f = make((x: Tensor) => x.square().sum()) as (x: unknown) => unknown;
    const start = `${name}: x must be a tensor, got`;
    expect(() => f(undefined)).toThrow(`${start} undefined`);
    expect(() => f([1, 2])).toThrow(`${start} [1,2]; tensor(values) makes one`);
  },
);

test("K13: hvp refuses arrays and shows both shapes", () => {
  const f = (x: Tensor): Tensor => x.square().sum();
  expect(() => hvp(f, tensor([1, 2]), [1, 0] as never)).toThrow(
    "hvp: v must be a tensor, got [1,0]; tensor(values) makes one",
  );
  expect(() => hvp(f, [1, 2] as never, tensor([1, 0]))).toThrow("hvp: x must be a tensor, got [1,2]");
  expect(() => hvp(f, tensor([1, 2]), tensor([1]))).toThrow("the shape [2] of x, got [1]");
});

test.each(Object.entries({ jacobian, hessian }))(
  "R12: %s refuses a result that is too large at once",
  (name, make) => {
    const f = (x: Tensor): Tensor => (name === "hessian" ? x.square().sum() : x.mul(2));
    expect(() => make(f)(zeros([100_000]))).toThrow(
      `${name}: shape [100000,100000] takes 80000000000 bytes: more than this machine gives`,
    );
  },
);
