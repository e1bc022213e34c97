/**
 * 03: the smallest training loop.
 *
 * The data are points of the line y = 2x − 1 with a little noise; a Dense layer of one weight and one bias learns the line.
 */
import { backward, createRng, mse } from "@gradus/core";
import { Dense, namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";

export function main({ steps = 200 }: { steps?: number } = {}): {
  losses: number[];
  slope: number;
  intercept: number;
} {
  const rng = createRng("line");
  const x = rng.split("x").uniform([64, 1], { low: -1, high: 1 });
  const y = x
    .mul(2)
    .sub(1)
    .add(rng.split("noise").normal([64, 1], { std: 0.05 }));

  const line = new Dense(1, 1, { rng: rng.split("weights") });
  const sgd = new SGD(namedParameters(line), { learningRate: 0.1 });

  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = mse(line.forward(x), y);
    sgd.step(backward(loss)); // gradients are a value: nothing to reset
    losses.push(loss.item());
  }

  const slope = line.weight.item();
  const intercept = line.bias?.item() ?? Number.NaN;
  console.log(`loss ${losses[0].toFixed(4)} → ${losses[losses.length - 1].toFixed(4)} in ${steps} steps`);
  console.log(`y = ${slope.toFixed(3)}·x + ${intercept.toFixed(3)}, drawn from y = 2·x − 1`);
  return { losses, slope, intercept };
}
