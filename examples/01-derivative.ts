/**
 * 01: the derivative of a function, three ways.
 *
 * f(x) = x·tanh(x) has f'(x) = tanh(x) + x·(1 − tanh²(x)). Reverse mode gives the same number without this formula.
 */
import { backward, grad, type Tensor, tensor, variable } from "@gradus/core";

const f = (x: Tensor): Tensor => x.mul(x.tanh());

export function main(): { byHand: number; byBackward: number; byGrad: number; second: number } {
  const at = 0.5;

  // By hand, with the formula above.
  const t = tensor(at).tanh().item();
  const byHand = t + at * (1 - t * t);

  // By reverse mode: mark the input, compute, call backward.
  const x = variable(tensor(at));
  const byBackward = backward(f(x)).of(x).item();

  // By `grad`, which returns the derivative as a function; that can be differentiated again.
  const slope = grad(f);
  const byGrad = slope(tensor(at)).item();
  const second = grad(slope)(tensor(at)).item();

  console.log(`f'(${at}) by hand      ${byHand}`);
  console.log(`f'(${at}) by backward  ${byBackward}`);
  console.log(`f'(${at}) by grad      ${byGrad}`);
  console.log(`f''(${at}) by grad²    ${second}`);
  return { byHand, byBackward, byGrad, second };
}
