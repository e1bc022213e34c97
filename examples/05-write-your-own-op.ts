/**
 * 05: an op of your own, with its gradient and a gradient check.
 *
 * Snake (Ziyin et al. 2020, Neural Networks Fail to Learn Periodic Functions, eq. 3): x + sin²(a·x)/a. An op is one
 * declaration: the shape rule, the forward loop and one gradient rule per input. Samples are the inputs of its tests.
 */
import { cos, defineOp, math, mul, type Op, sin, type Tensor, tensor } from "@gradus/core";
import { checkSample, gradcheck, type Sample, unarySamples } from "@gradus/core/testing";

interface SnakeParams {
  readonly frequency?: number;
}

export const snake: Op<[x: Tensor], SnakeParams> = defineOp<[x: Tensor], SnakeParams>({
  name: "snake",
  formula: "out = x + sin²(a·x)/a",
  source: "Ziyin et al. 2020, eq. 3",
  shape: ([x]) => x,
  forward: ([x], out, _, { frequency: a }) => {
    for (let i = 0; i < out.length; i++) {
      const s = math.sin(a * x.data[i]);
      out[i] = x.data[i] + (s * s) / a;
    }
  },
  // d/dx = 1 + 2·sin(a·x)·cos(a·x). Written in ops, so that it can be differentiated again.
  vjp: [
    (g, { inputs: [x], params: { frequency: a } }) =>
      mul(g, mul(2, mul(sin(mul(a, x)), cos(mul(a, x)))).add(1)),
  ],
  defaults: { frequency: 1 },
});

/** All basic shapes, from a scalar to size 0, with the default frequency and with another. */
const samples: readonly Sample<SnakeParams>[] = [
  ...unarySamples<SnakeParams>(),
  ...unarySamples({}, { frequency: 3 }),
];

export function main(): { checked: number; caught: string } {
  // Each sample gets gradient checks of first and second order, as for gradus' own ops.
  samples.forEach((sample, i) => {
    checkSample(snake, sample, `snake/${i}`);
  });
  console.log(`snake passes gradcheck and gradgradcheck on ${samples.length} samples`);

  // A mistake, and the error it gives: the factor 2 is missing.
  const wrong = defineOp<[x: Tensor]>({
    name: "wrong",
    formula: "out = x + sin²x",
    shape: ([x]) => x,
    forward: ([x], out) => out.set(snake(x).data),
    vjp: [(g, { inputs: [x] }) => mul(g, mul(sin(x), cos(x)).add(1))],
  });
  let caught = "";
  try {
    gradcheck(wrong, [tensor([0.5])], { name: "wrong" });
  } catch (error) {
    caught = (error as Error).message;
  }
  console.log(`without the factor 2: ${caught}`);
  return { checked: samples.length, caught };
}
