import { noMore, ranges, resolveOptions } from "@gradus/core";
import { IGNORED } from "../metrics.ts";
import type { Reading } from "./class-pairs.ts";
import { byClass, ClassCounts, matrix } from "./class-tally.ts";
import type { EpochMetric } from "./epoch-metric.ts";

/** Options of {@link confusionMatrix}. */
export interface ConfusionOptions {
  /** A yes/no output above it is a yes: 0 for logits (the default), 0.5 for probabilities. */
  readonly threshold?: number;
  /** A target of this value counts as missing, as in `crossEntropy`. Default -100, PyTorch's. */
  readonly ignoreIndex?: number;
}

/** Options of {@link precision}, {@link recall} and {@link f1}. */
export interface ClassMetricOptions extends ConfusionOptions {
  /**
   * - `"binary"` (the default): the value of class 1, the positive one; only for two classes.
   * - `"macro"`: the mean over the classes, each with the same weight. A class that is no target and was never predicted does
   *   not count, as in scikit-learn.
   * - `"micro"`: over the decisions of all classes together. With one class for each sample this is the accuracy.
   * - `"perClass"`: a table, one number for each class.
   */
  readonly average?: "binary" | "macro" | "micro" | "perClass";
}

const defaults = { threshold: 0, ignoreIndex: IGNORED };
const allowed = { threshold: ranges.finite, ignoreIndex: ranges.finite };

/**
 * How often each class was predicted for each class: the table `[target][predicted]`, as scikit-learn's.
 *
 * Shapes: outputs [n, c, ...] with class indices [n, ...] or probabilities of the outputs' shape; or yes/no outputs [n], [n, 1]
 * or [n, 1, ...] with targets of the same shape, for which the classes are 0 (no) and 1 (yes). Of several equal largest
 * outputs the first counts.
 *
 * @throws ArgumentError for options out of range; in a batch, for NaN in the output and for targets that are no class.
 * @example
 * const history = await fit(net, train, { metrics: { accuracy, confusion: confusionMatrix() }, ... });
 * history.tables.at(-1)?.confusion; // [[50, 2], [3, 45]]
 */
export function confusionMatrix(
  options: ConfusionOptions = {},
  ...extra: readonly undefined[]
): EpochMetric<readonly (readonly number[])[]> {
  noMore("confusionMatrix", "options", extra);
  const reading = resolveOptions<Reading>("confusionMatrix", options, defaults, allowed);
  return {
    table: true,
    start: () => new ClassCounts("confusionMatrix", reading, matrix, rows),
  };
}

/**
 * Precision: of the samples that were predicted as a class, the share that is of this class, TP / (TP + FP). 0 / 0 is 0, as in
 * scikit-learn; without any target the value is NaN. Shapes and errors as for {@link confusionMatrix}.
 *
 * @throws ArgumentError for options out of range; in a batch, for `"binary"` with more than two classes.
 * @example await fit(net, xor, { metrics: { precision: precision(), recall: recall() }, loss: bceWithLogits, ... });
 */
export function precision(options: PerClass, ...extra: readonly undefined[]): EpochMetric<readonly number[]>;
export function precision(options?: ClassMetricOptions, ...extra: readonly undefined[]): EpochMetric;
export function precision(
  options: ClassMetricOptions = {},
  ...extra: readonly undefined[]
): EpochMetric | EpochMetric<readonly number[]> {
  noMore("precision", "options", extra);
  return classMetric("precision", options, (tp, fp) => [tp, tp + fp]);
}

/**
 * Recall: of the samples of a class, the share that was predicted as this class, TP / (TP + FN). 0 / 0 is 0, as in
 * scikit-learn; without any target the value is NaN. Shapes and errors as for {@link precision}.
 *
 * @example evaluate(net, test, { loss: crossEntropy, metrics: { recall: recall({ average: "perClass" }) } }).recall; // [1, 0.5]
 */
export function recall(options: PerClass, ...extra: readonly undefined[]): EpochMetric<readonly number[]>;
export function recall(options?: ClassMetricOptions, ...extra: readonly undefined[]): EpochMetric;
export function recall(
  options: ClassMetricOptions = {},
  ...extra: readonly undefined[]
): EpochMetric | EpochMetric<readonly number[]> {
  noMore("recall", "options", extra);
  return classMetric("recall", options, (tp, _, fn) => [tp, tp + fn]);
}

/**
 * The F1 score: the harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN). 0 / 0 is 0, as in scikit-learn; without any
 * target the value is NaN. Shapes and errors as for {@link precision}.
 *
 * @example evaluate(net, test, { loss: crossEntropy, metrics: { f1: f1({ average: "macro" }) } }).f1; // 0.87
 */
export function f1(options: PerClass, ...extra: readonly undefined[]): EpochMetric<readonly number[]>;
export function f1(options?: ClassMetricOptions, ...extra: readonly undefined[]): EpochMetric;
export function f1(
  options: ClassMetricOptions = {},
  ...extra: readonly undefined[]
): EpochMetric | EpochMetric<readonly number[]> {
  noMore("f1", "options", extra);
  return classMetric("f1", options, (tp, fp, fn) => [2 * tp, 2 * tp + fp + fn]);
}

type PerClass = ClassMetricOptions & { readonly average: "perClass" };

/** A fraction of the samples of a class that were found, those that were wrongly taken for it, and those that were missed. */
type Fraction = (tp: number, fp: number, fn: number) => readonly [upper: number, lower: number];

function classMetric(
  who: string,
  options: ClassMetricOptions,
  fraction: Fraction,
): EpochMetric | EpochMetric<readonly number[]> {
  const { average, ...reading } = resolveOptions<Required<ClassMetricOptions>>(
    who,
    options,
    { average: "binary", ...defaults },
    { average: ranges.oneOf("binary", "macro", "micro", "perClass"), ...allowed },
  );
  if (average === "perClass") {
    const perClass = (counts: Float64Array, c: number): number[] =>
      outcomes(counts, c).map((outcome) => quotient(fraction(...outcome)));
    return { table: true, start: () => new ClassCounts(who, reading, byClass, perClass) };
  }
  const value = (counts: Float64Array, c: number): number => {
    const all = outcomes(counts, c).filter((outcome) => outcome.some((count) => count > 0));
    if (all.length === 0) return Number.NaN; // no target at all
    if (average === "binary") return quotient(fraction(...outcomes(counts, c)[1]));
    if (average === "macro") return all.reduce((sum, x) => sum + quotient(fraction(...x)), 0) / all.length;
    const sums = [0, 1, 2].map((i) => all.reduce((sum, x) => sum + x[i], 0));
    return quotient(fraction(sums[0], sums[1], sums[2]));
  };
  return { start: () => new ClassCounts(who, reading, byClass, value, average === "binary" ? 2 : undefined) };
}

function outcomes(counts: Float64Array, c: number): (readonly [tp: number, fp: number, fn: number])[] {
  return Array.from({ length: c }, (_, k) => [counts[3 * k], counts[3 * k + 1], counts[3 * k + 2]] as const);
}

const quotient = ([upper, lower]: readonly [number, number]): number => (lower === 0 ? 0 : upper / lower);

const rows = (counts: Float64Array, c: number): number[][] =>
  Array.from({ length: c }, (_, k) => Array.from(counts.subarray(k * c, (k + 1) * c)));
