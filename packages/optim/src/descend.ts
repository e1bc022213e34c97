import { ArgumentError, type NamedParameter, show, type UpdateSpec, update } from "@gradus/core";
import { type GradientSource, gradientsFor } from "./gradients-for.ts";

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
  if (!Array.isArray(parameters) || !parameters.every(Array.isArray)) {
    throw new ArgumentError(`descend: needs pairs such as namedParameters(net), got ${show(parameters)}`);
  }
  const named = parameters.map(([name, parameter]) => ({ name, parameter }));
  const found = gradientsFor("descend", named, gradients);
  update(
    descent,
    found,
    named.map(({ parameter }) => parameter),
    rate,
  );
}

const descent: UpdateSpec<number> = {
  name: "descend",
  run(gradients, parameters, rate) {
    // The gradient of x·y by x is y itself: a parameter that is changed here before it is read.
    const safe = gradients.map((g) => (parameters.includes(g) ? g.slice() : g));
    parameters.forEach((x, k) => {
      for (let i = 0; i < x.length; i++) x[i] -= rate * safe[k][i];
    });
  },
};
