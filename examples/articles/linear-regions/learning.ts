/** Trains nets to fold the plane, and counts their regions. */
import { backward, createRng, mse, type Tensor, tensor } from "@gradus/core";
import { compile } from "@gradus/engine";
import { namedParameters, type Sequential } from "@gradus/nn";
import { Adam, cosineDecay } from "@gradus/optim";
import { folded } from "./constructions.ts";
import { randomNet } from "./random-nets.ts";
import { type Regions, regionsOnPlane } from "./regions.ts";
import { type Plane, square } from "./slice.ts";

/** The square on which the map is learned. */
export const LEARNING_BOX: Plane = square(1);

const BATCH = 256;

/** One training. */
export interface Trained {
  readonly seed: number;
  /** Mean squared error on a grid. */
  readonly loss: number;
  readonly before: Regions;
  readonly after: Regions;
}

/** A net trained from several seeds. */
export interface Lesson {
  readonly times: number;
  readonly widths: readonly number[];
  /** Best first. */
  readonly runs: readonly Trained[];
}

/** The mean squared error on a grid of 101 × 101 points. */
export function gridLoss(net: Pick<Sequential, "forward">, times: number): number {
  const side = 101;
  const points = tensor(
    Array.from({ length: side * side }, (_, i) => [
      (2 * (i % side)) / (side - 1) - 1,
      (2 * Math.floor(i / side)) / (side - 1) - 1,
    ]),
  );
  return mse(net.forward(points), folded(points, times)).item();
}

/** Trains a random net to fold the square [−1, 1]² `times` times. */
export function train(widths: readonly number[], times: number, steps: number, seed: number): Trained {
  const rng = createRng(`fold ${times}`).split(seed);
  const net = randomNet(widths, rng.split("weights"));
  const before = regionsOnPlane(net, LEARNING_BOX);
  const adam = new Adam(namedParameters(net), { learningRate: cosineDecay(0.02, { steps }) });
  const step = compile((x: Tensor): Tensor => {
    const loss = mse(net.forward(x), folded(x, times));
    adam.step(backward(loss));
    return loss;
  });
  const points = rng.split("points");
  for (let i = 0; i < steps; i++) step(points.uniform([BATCH, 2], { low: -1, high: 1 }));
  step.release();
  return { seed, loss: gridLoss(net, times), before, after: regionsOnPlane(net, LEARNING_BOX) };
}
