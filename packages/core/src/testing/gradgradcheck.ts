import { backward } from "../backward.ts";
import { checks } from "../checks.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { noMore } from "../options.ts";
import { Parameter } from "../parameter.ts";
import { Tensor } from "../tensor.ts";
import {
  type Differentiable,
  type GradcheckOptions,
  gradcheck,
  gradcheckOptions,
  weightsLike,
} from "./gradcheck.ts";

/**
 * Checks gradients of gradients: {@link gradcheck} of the gradient as a function of the inputs and the cotangent.
 *
 * @example
 * gradgradcheck((x) => x.tanh(), [tensor([0.1, -2])]);
 */
export function gradgradcheck(
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
  ...extra: readonly undefined[]
): void {
  noMore("gradgradcheck", "f, inputs, options", extra);
  const checked = gradcheckOptions("gradgradcheck", f, inputs, options);
  const { name, constants, seed } = checked;
  const probe = f(...inputs.map((x, i) => (constants.includes(i) ? x : new Parameter(x))));
  checks.gradcheckResult?.(name, probe);
  if (!probe.tracked) return;
  const cotangent = weightsLike(probe, `${seed}/cotangent`);
  const projections = inputs.map((x, i) => weightsLike(x, `${seed}/weights/${i}`));
  const gradient = (...args: Tensor[]): Tensor => {
    const xs = args.slice(0, -1);
    const gradients = backward(f(...xs), { cotangent: args[args.length - 1], differentiable: true });
    // The weighted sum of all gradients; with random weights, errors do not cancel.
    let total: Tensor = new Tensor(new Float64Array(1), []);
    xs.forEach((x, i) => {
      const g = gradients.get(x);
      if (g) total = add(total, sum(mul(g, projections[i])));
    });
    return total;
  };
  gradcheck(gradient, [...inputs, cotangent], { ...checked, name: `gradient of ${name}` });
}
