import type { TensorLike } from "./op.ts";
import * as ops from "./ops/index.ts";
import { Tensor } from "./tensor.ts";

/**
 * Every op of the registry as a method of Tensor: `add(x, y)` is also `x.add(y)`. Both the methods and their types are
 * derived from the registry; nothing here is to be kept in step by hand.
 */
type Registry = typeof ops;

/** The ops whose first argument is one tensor; `concat` and `stack`, which take a list, stay functions. */
type MethodName = {
  [K in keyof Registry]: Registry[K] extends { readonly spec: { readonly list: true } } ? never : K;
}[keyof Registry];

export type TensorMethods = {
  [K in MethodName]: Registry[K] extends (x: TensorLike, ...rest: infer Rest) => infer Out
    ? (...rest: Rest) => Out
    : never;
};

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
