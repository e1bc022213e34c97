import { backward } from "./backward.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import { zeros } from "./fill.ts";
import { notTensor } from "./messages.ts";
import { defineOp, type Op } from "./op.ts";
import { mul } from "./ops/arithmetic.ts";
import { sum } from "./ops/reduce.ts";
import { reshape } from "./ops/reshape.ts";
import { concat } from "./ops/select.ts";
import { check, noMore } from "./options.ts";
import { variable } from "./parameter.ts";
import { callable } from "./ranges.ts";
import { formatShape, sameShape } from "./shape.ts";
import { allocate } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/** A function of a tensor (and further arguments) to a tensor. */
export type TensorFunction<Rest extends unknown[] = []> = (x: Tensor, ...rest: Rest) => Tensor;

/**
 * x as a separate node of the graph. Without it, the inner function of `grad((x) => grad((y) => x.mul(y))(x))` would get
 * one tensor as x and y and differentiate by both ("perturbation confusion", Siskind & Pearlmutter 2005).
 */
const identity: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "identity",
  formula: "out = x",
  shape: ([x]) => x,
  forward: ([x], out) => out.set(x.data),
  vjp: [(g) => g],
});

function fresh(x: Tensor): Tensor {
  return x.tracked ? identity(x) : variable(x);
}

/** A function that calls `f` at x as a node of its own and checks that f gives a tensor. */
function atNode<Rest extends unknown[], Out>(
  who: string,
  f: TensorFunction<Rest>,
  use: (at: Tensor, y: Tensor) => Out,
): (x: Tensor, ...rest: Rest) => Out {
  check(who, "f", f, callable);
  return (x, ...rest) => {
    if (!(x instanceof Tensor)) throw new ArgumentError(`${who}: x must be a tensor, got ${notTensor(x)}`);
    const at = fresh(x);
    const y: unknown = f(at, ...rest);
    if (y instanceof Tensor) return use(at, y);
    throw new ArgumentError(`${who}: the function must return a tensor, got ${notTensor(y)}`);
  };
}

/** The gradient of y with respect to x, itself differentiable; zeros if y does not depend on x. */
function gradientAt(y: Tensor, x: Tensor, cotangent?: Tensor): Tensor {
  if (!y.tracked) return zeros(x.shape);
  const options = { differentiable: true, inputs: [x] };
  const gradients = backward(y, cotangent ? { ...options, cotangent } : options);
  return gradients.get(x) ?? zeros(x.shape);
}

function gradientFunction<Rest extends unknown[]>(
  who: string,
  f: TensorFunction<Rest>,
): TensorFunction<Rest> {
  return atNode(who, f, (at, y) => gradientAt(y, at));
}

/**
 * The gradient of a function to a single number with respect to its first argument. The result is differentiable.
 *
 * Shapes: f maps x to [] (or one element); `grad(f)(x)` has the shape of x.
 *
 * @example
 * const slope = grad((x) => x.tanh());
 * slope(tensor(0)).item();       // 1
 * grad(slope)(tensor(1)).item(); // -0.6397000084492246
 */
export function grad<Rest extends unknown[]>(
  f: TensorFunction<Rest>,
  ...extra: readonly undefined[]
): TensorFunction<Rest> {
  noMore("grad", "f", extra);
  return gradientFunction("grad", f);
}

/**
 * The value of a function to a single number and its gradient with respect to its first argument.
 *
 * @example
 * const { value, gradient } = valueAndGrad((x) => x.square().sum())(tensor([3, 4]));
 * value.item();        // 25
 * gradient.toArray();  // [6, 8]
 */
export function valueAndGrad<Rest extends unknown[]>(
  f: TensorFunction<Rest>,
  ...extra: readonly undefined[]
): (x: Tensor, ...rest: Rest) => { value: Tensor; gradient: Tensor } {
  noMore("valueAndGrad", "f", extra);
  return atNode("valueAndGrad", f, (at, value) => ({ value, gradient: gradientAt(value, at) }));
}

/**
 * All partial derivatives of a function, one backward pass for each element of its result.
 *
 * Shapes: f maps x [*m] to [*n]; `jacobian(f)(x)` has the shape [*n, *m].
 *
 * @example jacobian((x) => x.square())(tensor([1, 2])).toArray(); // [[2, 0], [0, 4]]
 */
export function jacobian<Rest extends unknown[]>(
  f: TensorFunction<Rest>,
  ...extra: readonly undefined[]
): TensorFunction<Rest> {
  noMore("jacobian", "f", extra);
  return jacobianFunction("jacobian", f);
}

function jacobianFunction<Rest extends unknown[]>(
  who: string,
  f: TensorFunction<Rest>,
): TensorFunction<Rest> {
  return atNode(who, f, (at, y) => {
    const shape = [...y.shape, ...at.shape];
    allocate(who, shape); // refuses what is too large before the rows are computed
    if (y.size === 0) return zeros(shape);
    const rows = Array.from({ length: y.size }, (_, i) => {
      const cotangent = zeros(y.shape);
      cotangent.data[i] = 1;
      return reshape(gradientAt(y, at, cotangent), { shape: [at.size] });
    });
    return reshape(concat(rows), { shape });
  });
}

/**
 * All second derivatives of a function to a single number.
 *
 * Shapes: f maps x [*m] to []; `hessian(f)(x)` has the shape [*m, *m].
 *
 * @example hessian((x) => x.prod())(tensor([2, 3])).toArray(); // [[0, 1], [1, 0]]
 */
export function hessian<Rest extends unknown[]>(
  f: TensorFunction<Rest>,
  ...extra: readonly undefined[]
): TensorFunction<Rest> {
  noMore("hessian", "f", extra);
  return jacobianFunction("hessian", gradientFunction("hessian", f));
}

/**
 * The product of the Hessian of f at x with a vector v of x's shape, without forming the Hessian: the gradient of
 * ⟨∇f(x), v⟩ (Pearlmutter 1994, Fast Exact Multiplication by the Hessian).
 *
 * @throws ShapeError if v has another shape than x.
 * @example hvp((x) => x.square().sum(), tensor([1, 2]), tensor([1, 0])).toArray(); // [2, 0]
 */
export function hvp(f: TensorFunction, x: Tensor, v: Tensor, ...extra: readonly undefined[]): Tensor {
  noMore("hvp", "f, x, v", extra);
  for (const given of [x, v]) {
    if (!(given instanceof Tensor))
      throw new ArgumentError(`hvp: ${given === x ? "x" : "v"} must be a tensor, got ${notTensor(given)}`);
  }
  if (!sameShape(v.shape, x.shape)) {
    throw new ShapeError(
      `hvp: the vector must have the shape ${formatShape(x.shape)} of x, got ${formatShape(v.shape)}`,
    );
  }
  return grad((at) => sum(mul(grad(f)(at), v)))(x);
}
