import { ArgumentError, FormatError, show, type Tensor } from "@gradus/core";
import type { PlainData } from "../checkpoint/plain-data.ts";

/** A value that is no single number: one number for each class, or a matrix by rows. */
export type MetricTable = readonly number[] | readonly (readonly number[])[];

/**
 * A metric over all samples of an epoch, for a value that is no mean over the samples, such as the F1 score. It is only a
 * description: `fit` and `evaluate` call `start` for each pass over the data, so one metric serves training and validation.
 *
 * @example
 * // The share of samples that were predicted as class 0.
 * const zeros: EpochMetric = {
 *   start() {
 *     let [count, all] = [0, 0];
 *     return {
 *       add(output) {
 *         for (let i = 0; i < output.shape[0]; i++, all++) if (output.data[2 * i] > output.data[2 * i + 1]) count++;
 *       },
 *       value: () => count / all,
 *       state: () => [count, all],
 *       restore(state) { [count, all] = state as [number, number]; },
 *     };
 *   },
 * };
 */
export interface EpochMetric<Value extends number | MetricTable = number> {
  /** Whether the value is a {@link MetricTable}. It then stands in `history.tables`, not among the numbers of an epoch. Default: false. */
  readonly table?: Value extends number ? false : true;
  /** Begins a pass, with no samples. */
  start(): Measurement<Value>;
}

/** What an {@link EpochMetric} knows of the batches of a pass so far. */
export interface Measurement<Value extends number | MetricTable = number> {
  /** Takes a batch. It must copy the numbers that it needs later: the next batch overwrites the tensors. */
  add(output: Tensor, targets: Tensor): void;
  /** The value over all batches so far. */
  value(): Value;
  /** Its state for checkpoints: a training that is resumed within an epoch goes on from it. */
  state(): PlainData;
  /** Takes the result of `state` back; called only after `start`. @throws FormatError if it is no such state. */
  restore(state: unknown): void;
}

/** @internal */
export function isEpochMetric(value: unknown): value is EpochMetric<number | MetricTable> {
  return typeof value === "object" && value !== null && typeof (value as EpochMetric).start === "function";
}

/** @throws ArgumentError for a value that is not what the metric says. @internal */
export function checkedValue(
  name: string,
  metric: EpochMetric<number | MetricTable>,
  value: unknown,
): number | MetricTable {
  if (metric.table ? isTable(value) : typeof value === "number") return value as number | MetricTable;
  throw new ArgumentError(
    metric.table
      ? `the metric ${show(name)} says that it is a table: its value must be a list of numbers or of rows of numbers, got ${show(value)}`
      : `the value of the metric ${show(name)} must be a number, got ${show(value)}` +
          (isTable(value) ? "; give the metric table: true" : ""),
  );
}

/** Whether a value is a {@link MetricTable}: rows have the same length. @internal */
export function isTable(value: unknown): value is MetricTable {
  const numbers = (row: unknown): boolean => Array.isArray(row) && row.every((x) => typeof x === "number");
  if (!Array.isArray(value)) return false;
  return numbers(value) || value.every((row) => numbers(row) && row.length === value[0].length);
}

/** The fields of a saved state, if the metric was measured with the same options. @throws FormatError @internal */
export function savedWith(who: string, options: string, state: unknown): Record<string, unknown> {
  const saved = Object(state) as Record<string, unknown>;
  if (saved.options === options) return saved;
  throw new FormatError(
    `checkpoint: ${who} was measured with the options ${show(saved.options)} and is measured with ${show(options)}`,
  );
}
