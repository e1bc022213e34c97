/**
 * Two rules for the random slope a of RReLU: a from U(1/8, 1/3), as in PyTorch and gradus, and 1/a from U(3, 8), as in the paper
 * (Xu et al. 2015, §2.4) and in the article. Both draw from the same range, but not alike, and they differ after training.
 */
import { createRng, math, tensor } from "@gradus/core";
import { RReLU } from "@gradus/nn";
import { short, type Table } from "../../shared/table.ts";

const [LEAST, MOST] = [3, 8];
const COUNT = 100_000;

export interface SlopeRule {
  readonly rule: string;
  readonly least: number;
  readonly most: number;
  /** The mean of {@link COUNT} slopes of training, and its limit for infinitely many. */
  readonly mean: number;
  readonly expected: number;
  /** The slope after training. */
  readonly afterwards: number;
}

export function slopeRules(): SlopeRule[] {
  const rng = createRng("rrelu rules");
  const layer = new RReLU();
  const ones = tensor(new Float64Array(COUNT).fill(-1));
  const ofLayer = layer.forward(ones, { train: true, rng: rng.split("slopes") }).neg().data;
  const divisors = rng.split("divisors").uniform([COUNT], { low: LEAST, high: MOST }).data;
  const ofPaper = divisors.map((divisor) => 1 / divisor);
  return [
    {
      rule: `slope from U(1/${MOST}, 1/${LEAST}): PyTorch, gradus`,
      ...summary(ofLayer),
      expected: (1 / LEAST + 1 / MOST) / 2,
      afterwards: -layer.forward(tensor(-1)).item(),
    },
    {
      rule: `1/slope from U(${LEAST}, ${MOST}): the paper, the article`,
      ...summary(ofPaper),
      expected: math.log(MOST / LEAST) / (MOST - LEAST),
      afterwards: 2 / (LEAST + MOST),
    },
  ];
}

function summary(slopes: Float64Array): Pick<SlopeRule, "least" | "most" | "mean"> {
  return {
    least: slopes.reduce((a, b) => Math.min(a, b)),
    most: slopes.reduce((a, b) => Math.max(a, b)),
    mean: slopes.reduce((a, b) => a + b) / slopes.length,
  };
}

export function slopeRulesTable(rules: readonly SlopeRule[]): Table {
  return [
    ["RReLU", "smallest", "largest", "mean", "its limit", "after training"],
    ...rules.map(({ rule, least, most, mean, expected, afterwards }) => [
      rule,
      ...[least, most, mean, expected, afterwards].map((slope) => short(slope, 4)),
    ]),
  ];
}
