import { ArgumentError, check, noMore, type Range, ranges, show, Tensor } from "@gradus/core";
import { activationName, ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";

/** A function of one tensor, such as `selu`. */
export type Activation = (x: Tensor) => Tensor;

/**
 * A function as a layer: `Sequential` wraps functions in it; `SELU`, `ReLU` and the others are subclasses.
 *
 * Training and evaluation are the same.  Shapes: those of the function.
 *
 * @param activation the function; its name is the text of the layer.
 * @throws ArgumentError for anything but a function, and in `forward` if the function returns anything but a tensor.
 * @example new FunctionLayer((x) => x.mul(2)).forward(ones([3])); // [2, 2, 2]
 */
export class FunctionLayer implements Layer {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => FunctionLayer);
  /** The function. */
  readonly activation: Activation;

  constructor(activation: Activation, ...extra: readonly undefined[]) {
    noMore("FunctionLayer", "activation", extra);
    check("FunctionLayer", "activation", activation, activationRange);
    this.activation = activation;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    return applied(this, x);
  }

  toString(): string {
    return activationName(this.activation);
  }
}

/** The activation of a layer, of a tensor. Throws an ArgumentError if the function returns anything but a tensor. */
export function applied(layer: { readonly activation: Activation | null }, x: Tensor): Tensor {
  const { activation } = layer;
  if (activation === null) return x;
  const out: unknown = activation(x);
  if (out instanceof Tensor) return out;
  throw new ArgumentError(`${layer}: the function must return a tensor, got ${show(out)}`);
}

/** A function that is not the class of a layer: `selu`, not `SELU`. */
export const activationRange: Range = {
  says: "must be a function such as selu",
  admits: ranges.callable.admits,
  hint: (value) => checks.activationHint?.(value),
};

/** Whether a value is the class of a layer. */
export function isClass(value: unknown): value is { readonly name: string } {
  return typeof value === "function" && isLayer(value.prototype);
}

export function isLayer(value: unknown): value is object {
  return typeof (value as { readonly forward?: unknown } | null | undefined)?.forward === "function";
}
