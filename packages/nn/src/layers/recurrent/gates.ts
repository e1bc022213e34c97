import { chain, math, mul, type Op, type OpSpec, square, sub, type Tensor } from "@gradus/core";
import { defineOp } from "@gradus/core/internal";

/**
 * σ(x) for gates: the numbers of core's `sigmoid`, with the gradient σ·(1 − σ) computed from the result, as PyTorch and Keras do.
 * core's rule computes exponentials again, so that also a gradient far below 1e-16 has all its digits: a loss may need that, a
 * gate between states of size 1 does not, and the exponentials took half of the time of a step.
 */
export const gate: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  ...pointwise("sigmoid", math.sigmoid),
  formula: "out = 1/(1 + e^(−x))",
  vjp: [(g, { out }) => chain(g, mul(out, sub(1, out)))],
});

/** tanh x, likewise, with the gradient 1 − tanh²x. */
export const squash: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  ...pointwise("tanh", math.tanh),
  formula: "out = (eˣ − e^(−x))/(eˣ + e^(−x))",
  vjp: [(g, { out }) => chain(g, sub(1, square(out)))],
});

/** A function of each element, for which the engine has an instruction of the same name. */
function pointwise(
  name: string,
  f: (x: number) => number,
): Pick<OpSpec<[x: Tensor], void>, "name" | "shape" | "forward" | "kernel"> {
  return {
    name,
    shape: ([x]) => x,
    forward: ([{ data }], out) => {
      for (let i = 0; i < out.length; i++) out[i] = f(data[i]);
    },
    kernel: { layout: "elementwise", instruction: name },
  };
}
