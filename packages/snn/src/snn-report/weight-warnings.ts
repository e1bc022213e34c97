import { format } from "./format.ts";
import { average, type MeasuredWeights } from "./measure.ts";
import { type Limit, limitOf } from "./theory.ts";
import type { Sizes } from "./weighted.ts";

/** A warning about the layers with these numbers, counted from 1. @internal */
export interface Finding {
  readonly rows: readonly number[];
  readonly text: string;
}

/** A layer with SELU, by its number in the report. @internal */
export interface SeluWeights {
  readonly row: number;
  readonly sizes: Sizes;
  readonly weights: MeasuredWeights;
}

/** Warnings about weights that SELU layers should not start with. Layers with the same cause share one. @internal */
export function weightWarnings(layers: readonly SeluWeights[]): Finding[] {
  return [
    ...varianceWarnings(layers),
    ...sharedWarning(
      layers.filter(({ weights }) => isFar(weights.sum, 0, 0.1, weights.sumError)),
      ({ weights }) => weights.sum,
      (sums) => `the weights of a unit add up to ${sums} on average, which should be 0. Use lecunNormal.`,
    ),
    ...sharedWarning(
      layers.filter(({ weights }) => biasSize(weights) > 0.05),
      ({ weights }) => biasSize(weights),
      (sizes) =>
        `the biases have a mean square of ${sizes}, beside sums that should have one of 1. Start with zeros.`,
    ),
  ];
}

const biasSize = ({ bias }: MeasuredWeights): number => bias.mean * bias.mean + bias.variance;

/** Whether the deviation of a number is above the tolerance and above four standard errors. */
function isFar(value: number, target: number, tolerance: number, standardError: number): boolean {
  const off = Math.abs(value - target);
  return off > tolerance && off > 4 * standardError;
}

function sharedWarning(
  layers: readonly SeluWeights[],
  numberOf: (layer: SeluWeights) => number,
  text: (values: string) => string,
): Finding[] {
  if (layers.length === 0) return [];
  return [{ rows: layers.map(({ row }) => row), text: text(rangeOf(layers.map(numberOf))) }];
}

function varianceWarnings(layers: readonly SeluWeights[]): Finding[] {
  const suspects = layers.filter(({ weights }) => {
    // The error measured from few weights is uncertain: it is at least that of normal weights with the right variance.
    const error = Math.max(weights.squareSumError, Math.sqrt(2 / weights.count));
    return isFar(weights.variance, 1, 0.05, error);
  });
  const alike = grouped(suspects, (a, b) => {
    return sizeText(a) === sizeText(b) && isAlike(a, b);
  });
  // First groups layers of one size, to find their cause; then groups those with the same cause.
  const explained = alike.map((group) => ({ group, cause: causeOf(group) }));
  const findings = grouped(explained, (a, b) =>
    a.cause === null || b.cause === null
      ? a.cause === b.cause && isAlike(a.group[0], b.group[0])
      : a.cause.text === b.cause.text && adviceFor(a.group[0]) === adviceFor(b.group[0]),
  );
  return findings.map((parts) => {
    const [{ cause }] = parts;
    const members = parts.flatMap(({ group }) => group).sort((a, b) => a.row - b.row);
    const factors = members.map(({ weights }) => weights.variance);
    const reason = cause === null ? "" : `, as ${cause.text}`;
    return {
      rows: members.map(({ row }) => row),
      text:
        `SELU needs weights of variance 1/fan_in; here it is ${rangeOf(factors)} times that${reason}. ` +
        `${consequence(cause?.factor ?? average(factors))} ${adviceFor(members[0])}`,
    };
  });
}

/** Groups items: each joins the first group whose first item it goes together with. */
function grouped<Item>(items: readonly Item[], goTogether: (first: Item, item: Item) => boolean): Item[][] {
  const groups: Item[][] = [];
  for (const item of items) {
    const group = groups.find(([first]) => goTogether(first, item));
    if (group) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

/** Whether two variances differ by at most a tenth, or by at most four standard errors. */
function isAlike({ weights: a }: SeluWeights, { weights: b }: SeluWeights): boolean {
  const off = Math.abs(a.variance - b.variance);
  return off <= Math.max(0.1 * a.variance, 4 * (a.squareSumError + b.squareSumError));
}

/** An initializer that is often combined with SELU by mistake. */
interface Cause {
  readonly text: string;
  /** The number of terms times its variance. */
  readonly factor: number;
}

/** The initializer that fits the layers of one size best; null if none fits. */
function causeOf(group: readonly SeluWeights[]): Cause | null {
  const { fanIn, fanOut, terms } = group[0].sizes;
  const share = terms / fanIn; // below 1 for a transposed convolution with strides
  const variance = average(group.map(({ weights }) => weights.variance));
  const error = average(group.map(({ weights }) => weights.squareSumError)) / Math.sqrt(group.length);
  const between = `${fanIn} and ${fanOut} units`;
  const causes: Cause[] = [
    ...(share === 1
      ? []
      : [{ text: `lecunNormal has it, whose fan_in does not know the stride`, factor: share }]),
    { text: "He's initializers have it, which are for ReLU", factor: 2 * share },
    { text: `Glorot's have it between ${between}`, factor: (2 * terms) / (fanIn + fanOut) },
    {
      // The variance of N(0, 1) truncated at ±2.
      text: "a normal has it that is cut off at two standard deviations and not corrected (Keras before 2.2, tfjs)",
      factor: 0.7737413035499232 * share,
    },
    { text: "PyTorch's gain of 3/4 for SELU gives", factor: 0.5625 * share },
    { text: "U(±1/√fan_in) has it, PyTorch's default", factor: share / 3 },
    { text: `N(0, 0.05²) has it with ${terms} inputs`, factor: 0.0025 * terms },
    ...(group.some(({ weights }) => weights.largest > 0.05)
      ? []
      : [{ text: `U(−0.05, 0.05) has it with ${terms} inputs`, factor: (0.0025 / 3) * terms }]),
  ];
  const off = ({ factor }: Cause): number => Math.abs(factor - variance);
  const best = causes.reduce((sofar, cause) => (off(cause) < off(sofar) ? cause : sofar));
  return off(best) < 4 * error ? best : null;
}

function adviceFor({ sizes: { fanIn, terms } }: SeluWeights): string {
  if (terms === fanIn) return "Use lecunNormal.";
  const std = Number((1 / Math.sqrt(terms)).toPrecision(3));
  return `With this stride an output has ${format(terms)} terms, not ${fanIn}: use normal({ mean: 0, std: ${std} }).`;
}

function sizeText({ sizes }: SeluWeights): string {
  return Object.values(sizes).join();
}

/** The prediction of the theory for a deep net of such layers. */
function consequence(factor: number): string {
  const [unit, all] = [describe(limitOf(factor, "samples")), describe(limitOf(factor, "units"))];
  return unit === all
    ? `By the theory, (mean, variance) then ${unit} with depth instead of (0, 1).`
    : `By the theory, the (mean, variance) of a unit then ${unit} instead of (0, 1), and that of all units together ${all}.`;
}

function describe(limit: Limit): string {
  if (limit === "vanishes") return "goes to (0, 0)";
  return limit === "grows"
    ? "grows without end"
    : `goes to (${format(limit.mean)}, ${format(limit.variance)})`;
}

/** `0.774` for equal values, else their range `0.754–0.791`. */
function rangeOf(values: readonly number[]): string {
  const [low, high] = [format(Math.min(...values)), format(Math.max(...values))];
  return low === high ? low : `${low}–${high}`;
}
