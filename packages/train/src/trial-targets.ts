import { ArgumentError, GradusError, Tensor } from "@gradus/core";
import type { TargetDomain } from "@gradus/core/internal";
import type { AnyDataset } from "@gradus/data";
import type { CalledLoss } from "./trial-losses.ts";

/**
 * Refuses a dataset with a target for which a loss makes no sense, such as a label that no output stands for.
 *
 * @param count the number of samples in the trial.
 * @throws ArgumentError with the first such target, its sample, and the targets that the loss takes. @internal
 */
export function refuseTargets(
  who: string,
  dataset: AnyDataset,
  count: number,
  losses: readonly CalledLoss[],
): void {
  for (const loss of losses) {
    const part = loss.unchanged ? Math.min(1024, dataset.size) : count;
    // The last part overlaps the one before if the samples do not divide evenly.
    for (let start = 0; start < dataset.size; start += part) {
      const first = Math.min(start, dataset.size - part);
      const targets = targetsOf(dataset, first, part);
      const numbers = loss.unchanged ? targets : made(who, dataset, first, targets, loss);
      const fault = faultIn(numbers, loss.domain);
      if (fault === undefined) continue;
      const sample = first + Math.floor((fault.at * part) / numbers.length);
      throw new ArgumentError(
        `${who}: the target of sample ${sample} ${fault.is}, but ${taken(loss.domain)}`,
      );
    }
  }
}

/** Refuses a loss over one class, which is 0 for every output. @throws ArgumentError @internal */
export function refuseOneClass(who: string, losses: readonly CalledLoss[]): void {
  const found = losses.find(({ domain }) => domain.kind !== "numbers" && domain.classes === 1);
  if (found === undefined) return;
  throw new ArgumentError(
    `${who}: ${found.domain.loss} of one output is the same for every output: one class is no choice, and nothing would be ` +
      "trained. For yes/no targets of 0 and 1 use bceWithLogits and binaryAccuracy(); for classes give the net one output each",
  );
}

/** The stored targets of `count` samples. */
function targetsOf({ targets, targetSize }: AnyDataset, first: number, count: number): Float64Array {
  return Float64Array.from(targets.subarray(first * targetSize, (first + count) * targetSize));
}

/** What the user's loss makes of targets before it calls a loss of core. */
function made(
  who: string,
  dataset: AnyDataset,
  first: number,
  targets: Float64Array,
  loss: CalledLoss,
): Float64Array {
  const count = targets.length / dataset.targetSize;
  try {
    return loss.given(new Tensor(targets, [count, ...dataset.targetShape])).data;
  } catch (cause) {
    if (!(cause instanceof GradusError)) throw cause;
    const samples = count === 1 ? `sample ${first}` : `samples ${first} and ${first + 1}`;
    throw new ArgumentError(`${who}: the loss fails for the targets of ${samples}: ${cause.message}`, {
      cause,
    });
  }
}

/** The place of the first wrong target, and the end of a sentence that says what it is. */
interface Fault {
  readonly at: number;
  readonly is: string;
}

function faultIn(numbers: Float64Array, domain: TargetDomain): Fault | undefined {
  if (domain.kind === "probabilities") return faultInProbabilities(numbers, domain);
  const at = numbers.findIndex((value) =>
    domain.kind === "numbers"
      ? !(value >= domain.low && value <= domain.high)
      : value !== domain.ignored && !(Number.isInteger(value) && value >= 0 && value < domain.classes),
  );
  return at < 0 ? undefined : { at, is: `is ${numbers[at]}` };
}

/** Sums may differ from 1 by this: probabilities are often written with two or three digits. */
const ROUNDING = 0.005;

function faultInProbabilities(
  numbers: Float64Array,
  { classes, positions }: Extract<TargetDomain, { kind: "probabilities" }>,
): Fault | undefined {
  const block = classes * positions;
  if (block === 0 || numbers.length % block !== 0) return undefined; // the classes of one sum are different samples
  for (let start = 0; start < numbers.length; start += block) {
    for (let position = 0; position < positions; position++) {
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        const at = start + k * positions + position;
        if (!(numbers[at] >= 0)) return { at, is: `is ${numbers[at]} for class ${k}` };
        sum += numbers[at];
      }
      if (Math.abs(sum - 1) > ROUNDING) {
        return { at: start + position, is: `has the sum ${Number(sum.toPrecision(6))}` };
      }
    }
  }
  return undefined;
}

/** The end of a sentence that says which targets a loss takes, and the way out. */
function taken(domain: TargetDomain): string {
  const { loss } = domain;
  if (domain.kind === "classes") {
    const { classes } = domain;
    return `${loss} of ${classes} outputs takes class indices from 0 to ${classes - 1}; the net needs one output for each class`;
  }
  if (domain.kind === "probabilities") {
    return `${loss} takes probabilities: numbers ≥ 0 with the sum 1. For several right classes at once use bceWithLogits`;
  }
  if (domain.low !== 0) return `${loss} takes logarithms of probabilities here, at most 0`;
  const classes = loss.startsWith("bce") ? "; for class indices use crossEntropy" : "";
  return `${loss} takes probabilities from 0 to 1${classes}`;
}
