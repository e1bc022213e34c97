import { ArgumentError, check, type Range, show, Tensor } from "@gradus/core";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";

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
  /** The function. */
  readonly activation: Activation;

  constructor(activation: Activation) {
    check("FunctionLayer", "activation", activation, activationRange);
    this.activation = activation;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    const { activation } = this;
    const out = activation(x);
    if (out instanceof Tensor) return out;
    throw new ArgumentError(`${this}: the function must return a tensor, got ${show(out)}`);
  }

  toString(): string {
    return activationName(this.activation);
  }
}

/** A function that is not the class of a layer: `selu`, not `SELU`. */
export const activationRange: Range = {
  says: "must be a function such as selu",
  admits: (value) => typeof value === "function" && typeof value.prototype?.forward !== "function",
};

/** `selu` for the op, the name of any other function, `function` for one without a name. */
export function activationName(activation: Activation): string {
  const { spec, name } = activation as Activation & { readonly spec?: { readonly name: string } };
  return spec?.name ?? (name || "function");
}
