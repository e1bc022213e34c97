import { ArgumentError, formatShape, ShapeError, sameShape, type Tensor } from "@gradus/core";
import { checkTensors, hasClassIndices, largest } from "../metrics.ts";

/** What decides which class was predicted, and which targets count. @internal */
export interface Reading {
  /** A yes/no output above it is a yes. */
  readonly threshold: number;
  /** A target of this value is missing. */
  readonly ignoreIndex: number;
}

/** Probabilities may differ from the sum 1 by this. */
const ROUNDING = 0.005;

/** Whether the shapes are those of yes/no outputs: [n], [n, 1] or [n, 1, ...], the targets alike. @internal */
export function isYesNo(output: Tensor, targets: Tensor): boolean {
  const one = output.rank === 1 || (output.rank >= 2 && output.shape[1] === 1);
  return one && sameShape(output.shape, targets.shape);
}

/**
 * Calls `visit` with the class and the predicted class of each sample (with further axes: of each position) that has a target.
 *
 * Shapes: yes/no outputs [n], [n, 1] or [n, 1, ...] with targets of the same shape in [0, 1] are classes 0 and 1, a target
 * above 0.5 is class 1; outputs [n, c, ...] with class indices [n, ...] or probabilities of the outputs' shape are c classes.
 *
 * @returns the number of classes.
 * @throws ShapeError for other shapes; ArgumentError for NaN in the output, and for targets that are none of these. @internal
 */
export function classPairs(
  who: string,
  output: Tensor,
  targets: Tensor,
  { threshold, ignoreIndex }: Reading,
  visit: (target: number, predicted: number) => void,
): number {
  checkTensors(who, output, targets);
  if (isYesNo(output, targets)) {
    for (let i = 0; i < output.size; i++) {
      const target = yesNoTarget(who, targets.data[i], i, ignoreIndex);
      if (target !== undefined) visit(target, number(who, output.data[i], i) > threshold ? 1 : 0);
    }
    return 2;
  }
  const indices = hasClassIndices(output, targets);
  if (!indices && !(output.rank >= 2 && output.shape[1] >= 2 && sameShape(output.shape, targets.shape))) {
    throw new ShapeError(
      `${who}(${formatShape(output.shape)}, ${formatShape(targets.shape)}): needs outputs [n, classes, ...] with class ` +
        "indices [n, ...] or probabilities of the outputs' shape as targets, or yes/no outputs [n] or [n, 1] with targets of " +
        "the same shape; reshape one of them",
    );
  }
  const [n, c, ...rest] = output.shape;
  const positions = rest.reduce((product, size) => product * size, 1);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < positions; j++) {
      const first = i * c * positions + j;
      const target = indices
        ? targets.data[i * positions + j]
        : likeliest(who, targets, first, c, positions, i);
      if (indices && target === ignoreIndex) continue;
      if (!(Number.isInteger(target) && target >= 0 && target < c)) {
        throw new ArgumentError(
          `${who}: the target of sample ${i} of the batch is ${target}, but ${c} outputs stand for the classes 0 to ${c - 1}; ` +
            `a missing target is ${ignoreIndex}, the option ignoreIndex`,
        );
      }
      visit(target, number(who, largest(output.data, first, c, positions), i));
    }
  }
  return c;
}

/** 1 or 0; undefined if it is missing. @throws ArgumentError for a target outside [0, 1]. @internal */
export function yesNoTarget(
  who: string,
  target: number,
  sample: number,
  ignoreIndex: number,
): number | undefined {
  if (target === ignoreIndex) return undefined;
  if (target >= 0 && target <= 1) return target > 0.5 ? 1 : 0;
  throw new ArgumentError(
    `${who}: the yes/no target ${sample} of the batch is ${target}, but must be from 0 to 1; for class indices the net needs ` +
      `one output for each class; a missing target is ${ignoreIndex}, the option ignoreIndex`,
  );
}

/** @throws ArgumentError for NaN, which is no score. @internal */
export function number(who: string, score: number, sample: number): number {
  if (!Number.isNaN(score)) return score;
  throw new ArgumentError(
    `${who}: the output for sample ${sample} of the batch has NaN, which stands for no class`,
  );
}

/** The class of the largest probability. */
function likeliest(
  who: string,
  targets: Tensor,
  first: number,
  c: number,
  stride: number,
  sample: number,
): number {
  let sum = 0;
  for (let k = 0; k < c; k++) {
    const p = targets.data[first + k * stride];
    sum += p >= 0 ? p : Number.NaN;
  }
  if (Math.abs(sum - 1) <= ROUNDING) return largest(targets.data, first, c, stride);
  throw new ArgumentError(
    `${who}: the targets of sample ${sample} of the batch are no probabilities: they must be ≥ 0 with the sum 1. ` +
      "If several classes can be right at once, measure each output by itself, as [n, 1]",
  );
}
