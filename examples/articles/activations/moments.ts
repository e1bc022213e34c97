/** Mean and variance in a deep net, by the theory of self-normalizing nets, integrated from the ops. */
import { type TensorFunction, tensor } from "@gradus/core";
import { activationMoments, fixedPoint, type Moments } from "@gradus/snn";
import { short, type Table } from "../../shared/table.ts";
import { type Activation, activations } from "./functions.ts";

/** The number of layers of a deep net here. */
const LAYERS = 8;

export interface DeepMoments {
  readonly name: string;
  /** Mean and variance after one layer with normalized weights, for inputs with mean 0 and variance 1. */
  readonly one: Moments;
  /** The same after {@link LAYERS} layers. */
  readonly many: Moments;
  /** The limit of the moments after many layers, from another start; null if the variance goes to 0. */
  readonly fixed: Moments | null;
}

export function deepMoments(): DeepMoments[] {
  return activations.map(momentsOf);
}

function momentsOf({ name, f }: Activation): DeepMoments {
  const map = momentsMap(f);
  const one = map({ mean: 0, variance: 1 });
  let many = one;
  for (let layer = 1; layer < LAYERS; layer++) many = map(many);
  // If the variance still shrinks, its only fixed point is 0.
  const alive = many.variance > 0.99 * one.variance;
  const fixed = alive ? fixedPoint(map, { start: { mean: 0.5, variance: 2 }, tolerance: 1e-9 }) : null;
  return { name, one, many, fixed };
}

/** The map of mean and variance from one layer to the next, for normalized weights. */
export function momentsMap(f: TensorFunction): (moments: Moments) => Moments {
  const ofNumber = numberFunction(f);
  return (moments) => activationMoments(ofNumber, moments);
}

/** f of a number. Values are cached, because the integrals of mean and variance need each of them twice. */
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

/** The value; 0 if it is only a rounding error. */
const rounded = (value: number): number => Math.round(value * 1e7) / 1e7 || 0;
