/** Counts the regions of nets with random, untrained weights. */
import { createRng, type Rng } from "@gradus/core";
import { Dense, heNormal, type Layer, normal, ReLU, Sequential } from "@gradus/nn";
import { type Regions, regionsOnLine, regionsOnPlane } from "./regions.ts";
import { type Plane, square } from "./slice.ts";

/**
 * A net from two inputs through ReLU layers of these widths to two outputs. Weights are He's, biases N(0, ½²): with
 * biases of 0 all creases would go through the origin.
 */
export function randomNet(widths: readonly number[], rng: Rng): Sequential {
  const layers = widths.flatMap((width, l): Layer[] => {
    const biasInit = normal({ mean: 0, std: 0.5 });
    return [
      new Dense(widths[l - 1] ?? 2, width, { rng: rng.split(l), init: heNormal, biasInit }),
      new ReLU(),
    ];
  });
  return new Sequential(...layers, new Dense(widths[widths.length - 1], 2, { rng: rng.split("output") }));
}

/** The square on which the regions of random nets are counted: most creases cross it. */
export const RANDOM_BOX: Plane = square(3);

/** Numbers of several nets of one shape. */
export interface RandomCount {
  readonly widths: readonly number[];
  readonly units: number;
  readonly nets: number;
  /** Pieces on the diagonal of the square: the mean of all nets. */
  readonly line: number;
  /** Activation regions of the square. */
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  /** Linear regions of the square: the mean. */
  readonly linear: number;
}

/** Counts the regions of several random nets of these widths. */
export function countRandom(widths: readonly number[], nets: number): RandomCount {
  const size = RANDOM_BOX.box[0][1];
  const counted = Array.from({ length: nets }, (_, i): [Regions, Regions] => {
    const net = randomNet(widths, createRng(`random ${widths.join("-")}`).split(i));
    const plane = regionsOnPlane(net, RANDOM_BOX);
    return [plane, regionsOnLine(net, { origin: [0, 0], direction: [1, 1], range: [-size, size] })];
  });
  const regions = counted.map(([plane]) => plane.activationRegions);
  return {
    widths,
    units: widths.reduce((sum, width) => sum + width, 0),
    nets,
    line: mean(counted.map(([, line]) => line.activationRegions)),
    mean: mean(regions),
    least: Math.min(...regions),
    most: Math.max(...regions),
    linear: mean(counted.map(([plane]) => plane.linearRegions)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
