import {
  ArgumentError,
  formatShape,
  GradientError,
  type NamedParameter,
  ShapeError,
  sameShape,
  show,
  Tensor,
} from "@gradus/core";
import type { GradientSource } from "./descend.ts";

/**
 * The gradients of parameters, in their order; all of them are checked first.
 *
 * @throws GradientError for parameters without a gradient, ShapeError for a gradient of another shape.
 */
export function gradientsFor(
  who: string,
  parameters: readonly NamedParameter[],
  gradients: GradientSource,
): Tensor[] {
  if (typeof gradients?.get !== "function") {
    const hint = (gradients as unknown) instanceof Tensor ? "; did you mean backward(loss)?" : "";
    throw new ArgumentError(`${who}: needs Gradients, got ${show(gradients)}${hint}`);
  }
  const missing = parameters.filter(([, parameter]) => gradients.get(parameter) === undefined);
  if (missing.length > 0) {
    const names = missing.map(([name, parameter]) => `${show(name)} ${formatShape(parameter.shape)}`);
    throw new GradientError(`${who}: no gradient for ${names.join(", ")}; not part of the loss?`);
  }
  return parameters.map(([name, parameter]) => {
    const g: unknown = gradients.get(parameter);
    if (!(g instanceof Tensor)) {
      throw new ArgumentError(`${who}: the gradient of ${show(name)} is no tensor but ${show(g)}`);
    }
    if (!sameShape(g.shape, parameter.shape)) {
      const shapes = `${formatShape(g.shape)}, the parameter ${formatShape(parameter.shape)}`;
      throw new ShapeError(`${who}: the gradient of ${show(name)} has shape ${shapes}`);
    }
    return g;
  });
}
