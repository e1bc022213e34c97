import { ArgumentError, type NamedParameter, show, Tensor, type UpdateSpec, update } from "@gradus/core";
import type { gradientsFor } from "./gradients-for.ts";

/** The check of gradients. Importing @gradus/optim sets it (install.ts). */
export const checks: { gradients?: typeof gradientsFor } = {};

/** Where a step looks up its gradients: the result of `backward`, or a Map. */
export interface GradientSource {
  get(x: Tensor): Tensor | undefined;
}

/**
 * One step of plain gradient descent: x ← x − rate·g for every parameter (Cauchy 1847). Optimizers with state
 * (such as momentum) are classes: `SGD`, `Adam` ….
 *
 * @param parameters with their names, as `namedParameters(net)` gives them.
 * @param gradients the result of `backward`.
 * @param rate the learning rate, finite and ≥ 0.
 * @throws ArgumentError for another rate, GradientError for a parameter without a gradient; nothing is changed then.
 * @example descend(namedParameters(net), backward(loss), 0.1);
 */
export function descend(
  parameters: readonly NamedParameter[],
  gradients: GradientSource,
  rate: number,
): void {
  if (!(Number.isFinite(rate) && rate >= 0)) {
    throw new ArgumentError(`descend: the rate must be a finite number ≥ 0, got ${show(rate)}`);
  }
  if (!Array.isArray(parameters) || parameters.some((pair) => !(pair?.[1] instanceof Tensor))) {
    throw new ArgumentError(`descend: needs pairs such as namedParameters(net), got ${show(parameters)}`);
  }
  checks.gradients?.("descend", parameters, gradients);
  const changed = parameters.map(([, parameter]) => parameter);
  const found = changed.map((parameter) => gradients.get(parameter) as Tensor);
  update(descent, found, changed, rate);
}

const descent: UpdateSpec<number> = {
  name: "descend",
  run(gradients, parameters, rate) {
    // A gradient may share the array of a parameter (that of x·y by x is y): copy it before the parameter changes.
    const safe = gradients.map((g) => (parameters.includes(g) ? g.slice() : g));
    parameters.forEach((x, k) => {
      for (let i = 0; i < x.length; i++) x[i] -= rate * safe[k][i];
    });
  },
};
