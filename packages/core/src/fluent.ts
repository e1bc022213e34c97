import type { TensorLike } from "./op-arguments.ts";
import * as ops from "./ops/index.ts";
import { Tensor } from "./tensor.ts";

/**
 * Makes every op of the registry a method of Tensor: `add(x, y)` is also `x.add(y)`. The types follow from the registry.
 */
type Registry = typeof ops;

/** The ops whose first argument is a tensor; not `concat` and `stack`, which take a list. */
type MethodName = {
  [K in keyof Registry]: Registry[K] extends { readonly spec: { readonly list: true } } ? never : K;
}[keyof Registry];

/**
 * The files that declare ops. Editors show the comment of an op for its method, and jump to its declaration, only if the
 * type of the method is derived from these files; the registry only re-exports. A missing file is a type error below.
 */
type Declared = typeof import("./ops/arithmetic.ts") &
  typeof import("./ops/bases.ts") &
  typeof import("./ops/bce.ts") &
  typeof import("./ops/comparison.ts") &
  typeof import("./ops/cross-entropy.ts") &
  typeof import("./ops/division.ts") &
  typeof import("./ops/elementary.ts") &
  typeof import("./ops/embedding.ts") &
  typeof import("./ops/exponential.ts") &
  typeof import("./ops/extrema.ts") &
  typeof import("./ops/gelu.ts") &
  typeof import("./ops/greater.ts") &
  typeof import("./ops/hyperbolic.ts") &
  typeof import("./ops/index-select.ts") &
  typeof import("./ops/linalg.ts") &
  typeof import("./ops/linear.ts") &
  typeof import("./ops/matmul.ts") &
  typeof import("./ops/mean.ts") &
  typeof import("./ops/mse.ts") &
  typeof import("./ops/norm.ts") &
  typeof import("./ops/normalization.ts") &
  typeof import("./ops/pow.ts") &
  typeof import("./ops/probability-losses.ts") &
  typeof import("./ops/rectifiers.ts") &
  typeof import("./ops/reduce.ts") &
  typeof import("./ops/regression-losses.ts") &
  typeof import("./ops/relu.ts") &
  typeof import("./ops/reshape.ts") &
  typeof import("./ops/rounding.ts") &
  typeof import("./ops/saturating.ts") &
  typeof import("./ops/scan.ts") &
  typeof import("./ops/select.ts") &
  typeof import("./ops/shape-ops.ts") &
  typeof import("./ops/slice.ts") &
  typeof import("./ops/softmax.ts") &
  typeof import("./ops/square.ts") &
  typeof import("./ops/statistics.ts") &
  typeof import("./ops/trigonometric.ts") &
  typeof import("./ops/where.ts");

/** The ops of these names without their first parameter. Editors find the op only if `Name` is a type parameter. */
type MethodsOf<Ops, Name extends keyof Ops> = {
  [K in Name]: Ops[K] extends (x: TensorLike, ...rest: infer Rest) => infer Out
    ? (...rest: Rest) => Out
    : never;
};

export type TensorMethods = MethodsOf<Declared, MethodName>;

declare module "./tensor.ts" {
  interface Tensor extends TensorMethods {}
}

for (const op of Object.values(ops)) {
  if ("list" in op.spec) continue;
  Object.defineProperty(Tensor.prototype, op.spec.name, {
    value(this: Tensor, ...rest: unknown[]): unknown {
      return (op as (...args: unknown[]) => unknown)(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
