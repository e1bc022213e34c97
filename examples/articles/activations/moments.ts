/** What becomes of mean and variance in a deep net, by the theory behind SELU and the ops themselves. */
import { type TensorFunction, tensor } from "@gradus/core";
import { activationMoments, fixedPoint, type Moments } from "@gradus/snn";
import { short, type Table } from "../../shared/table.ts";
import { type Activation, activations } from "./functions.ts";

/** How many layers count as deep. */
const LAYERS = 8;

export interface DeepMoments {
  readonly name: string;
  /** Mean and variance behind one layer with normalized weights, of inputs with mean 0 and variance 1. */
  readonly one: Moments;
  /** The same behind {@link LAYERS} layers. */
  readonly many: Moments;
  /** What moments from elsewhere come to in the end; null where the variance dies out. */
  readonly fixed: Moments | null;
}

export function deepMoments(): DeepMoments[] {
  return activations.map(momentsOf);
}

function momentsOf({ name, f }: Activation): DeepMoments {
  const map = (moments: Moments): Moments => activationMoments(numberFunction(f), moments);
  const one = map({ mean: 0, variance: 1 });
  let many = one;
  for (let layer = 1; layer < LAYERS; layer++) many = map(many);
  // A variance that still shrinks has no fixed point but 0.
  const alive = many.variance > 0.99 * one.variance;
  const fixed = alive ? fixedPoint(map, { start: { mean: 0.5, variance: 2 }, tolerance: 1e-9 }) : null;
  return { name, one, many, fixed };
}

/** f of a number. Values are kept, since the integrals of mean and variance ask for each of them twice. */
function numberFunction(f: TensorFunction): (x: number) => number {
  const known = new Map<number, number>();
  return (x) => {
    let value = known.get(x);
    if (value === undefined) {
      [value] = f(tensor([x])).data;
      known.set(x, value);
    }
    return value;
  };
}

export function deepTable(all: readonly DeepMoments[]): Table {
  return [
    [
      "from mean 0, variance 1",
      "1 layer: mean",
      "variance",
      `${LAYERS} layers: mean`,
      "variance",
      "fixed point",
    ],
    ...all.map(({ name, one, many, fixed }) => [
      name,
      ...[one, many].flatMap(({ mean, variance }) => [short(rounded(mean), 4), short(variance, 4)]),
      fixed === null ? "–" : `${short(rounded(fixed.mean), 4)}, ${short(fixed.variance, 4)}`,
    ]),
  ];
}

/** Without what is left of 0 after rounding. */
const rounded = (value: number): number => Math.round(value * 1e7) / 1e7 || 0;
