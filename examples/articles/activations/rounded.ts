/** SELU with its constants rounded to four digits, as many texts have them, against SELU. */
import { elu, linspace, selu, type Tensor } from "@gradus/core";
import { fixedPoint, type Moments } from "@gradus/snn";
import { short, type Table } from "../../shared/table.ts";
import { momentsMap } from "./moments.ts";

const ALPHA = 1.6732;
const LAMBDA = 1.0507;

export interface Rounded {
  readonly alpha: number;
  readonly lambda: number;
  /** The largest distance between the two functions on [-2, 2], the interval that the article plots. */
  readonly distance: number;
  /** The limit of mean and variance after many layers; (0, 1) with all digits. */
  readonly fixed: Moments;
}

const roundedSelu = (x: Tensor): Tensor => elu(x, { alpha: ALPHA }).mul(LAMBDA);

export function compareRounded(): Rounded {
  const x = linspace(-2, 2, 1000);
  const fixed = fixedPoint(momentsMap(roundedSelu), {
    start: { mean: 0.5, variance: 2 },
    tolerance: 1e-9,
  });
  if (fixed === null) throw new Error("the rounded constants have no fixed point");
  return { alpha: ALPHA, lambda: LAMBDA, distance: roundedSelu(x).sub(selu(x)).abs().max().item(), fixed };
}

export function roundedTable({ alpha, lambda, distance, fixed }: Rounded): Table {
  return [
    ["SELU, rounded", "largest distance on [-2, 2]", "after many layers: mean", "variance"],
    [`α = ${alpha}, λ = ${lambda}`, short(distance, 2), short(fixed.mean, 2), short(fixed.variance, 6)],
  ];
}
