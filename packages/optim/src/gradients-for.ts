import {
  ArgumentError,
  formatShape,
  GradientError,
  type NamedParameter,
  type Parameter,
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
  parameters: readonly { readonly name: string; readonly parameter: Parameter }[],
  gradients: GradientSource,
): Tensor[] {
  if (typeof gradients?.get !== "function") {
    const hint = (gradients as unknown) instanceof Tensor ? "; did you mean backward(loss)?" : "";
    throw new ArgumentError(`${who}: needs Gradients, got ${show(gradients)}${hint}`);
  }
  const found = parameters.map(({ parameter }) => gradients.get(parameter));
  const missing = parameters.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name, parameter }) => `${show(name)} ${formatShape(parameter.shape)}`);
    const those = missing.length === 1 ? "is it" : "are they";
    throw new GradientError(`${who}: no gradient for ${names.join(", ")}; ${those} part of the loss?`);
  }
  return parameters.map(({ name, parameter }, i) => {
    const g: unknown = found[i];
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

/** The check of {@link gradientsFor}, for named parameters. */
export function checkGradients(
  who: string,
  parameters: readonly NamedParameter[],
  gradients: GradientSource,
): void {
  gradientsFor(
    who,
    parameters.map(([name, parameter]) => ({ name, parameter })),
    gradients,
  );
}
