import { FormatError, formatShape, ShapeError, sameShape, show, type Tensor, tagOf } from "@gradus/core";
import type { PlainData } from "../checkpoint/plain-data.ts";
import { checkTensors } from "../metrics.ts";
import { type EpochMetric, type Measurement, savedWith } from "./epoch-metric.ts";

/**
 * The mean absolute error over all numbers of the targets. NaN in an output gives NaN.
 *
 * Shapes: output and targets equal, [n, ...]; [n, 1] and [n] are refused. @throws ShapeError for others.
 * @example await fit(net, houses, { metrics: { mae, rmse, r2 }, loss: mse, ... });
 */
export const mae: EpochMetric = /* @__PURE__ */ regression("mae", (sums) => mean(sums, "absolute"));

/** The root of the mean squared error over all numbers of the targets. Shapes and errors as for {@link mae}. */
export const rmse: EpochMetric = /* @__PURE__ */ regression("rmse", (sums) =>
  Math.sqrt(mean(sums, "squares")),
);

/** The largest absolute error of all numbers of the targets; NaN before the first. Shapes and errors as for {@link mae}. */
export const maxError: EpochMetric = /* @__PURE__ */ regression("maxError", ({ count, columns }) =>
  count === 0 ? Number.NaN : columns.largest.reduce((a, b) => Math.max(a, b), 0),
);

/**
 * The coefficient of determination, 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 for exact outputs, 0 for outputs that are the mean of the
 * targets, below 0 for worse ones. With several numbers per target: the mean of their R². Targets that are all equal give 1
 * if the outputs are exact and else 0, as in scikit-learn; fewer than two samples give NaN. Shapes and errors as for {@link mae}.
 */
export const r2: EpochMetric = /* @__PURE__ */ regression("r2", ({ count, size, columns }) => {
  if (count < 2) return Number.NaN;
  let sum = 0;
  for (let k = 0; k < size; k++) {
    const [squares, spread] = [columns.squares[k], columns.spread[k]];
    sum += spread !== 0 || Number.isNaN(squares) ? 1 - squares / spread : squares === 0 ? 1 : 0;
  }
  return sum / size;
});

const FIELDS = ["absolute", "squares", "largest", "mean", "spread"] as const;

type Columns = Record<(typeof FIELDS)[number], Float64Array>;

interface Sums {
  /** Samples so far. */
  readonly count: number;
  /** Numbers per target; 0 before the first batch. */
  readonly size: number;
  /**
   * For each number of a target: the sum of absolute errors and of squared errors, the largest error, and of the targets the
   * mean and the sum of squared differences from it (Welford 1962: without the cancellation of Σy² − n·ȳ²).
   */
  readonly columns: Columns;
}

function mean({ count, size, columns }: Sums, field: "absolute" | "squares"): number {
  return columns[field].reduce((sum, x) => sum + x, 0) / (count * size);
}

function regression(who: string, value: (sums: Sums) => number): EpochMetric {
  return { start: () => new ErrorSums(who, value) };
}

const none = (size: number): Columns =>
  Object.fromEntries(FIELDS.map((field) => [field, new Float64Array(size)])) as Columns;

/** Adds sample by sample, so that the bits of the sums do not depend on the size of the batches. */
class ErrorSums implements Measurement {
  readonly #who: string;
  readonly #value: (sums: Sums) => number;
  #sums: Sums = { count: 0, size: 0, columns: none(0) };

  constructor(who: string, value: (sums: Sums) => number) {
    this.#who = who;
    this.#value = value;
  }

  add(output: Tensor, targets: Tensor): void {
    checkTensors(this.#who, output, targets);
    if (output.rank === 0 || !sameShape(output.shape, targets.shape)) {
      throw new ShapeError(
        `${this.#who}(${formatShape(output.shape)}, ${formatShape(targets.shape)}): outputs and targets must have the same ` +
          "shape [n, ...]; reshape one of them",
      );
    }
    const n = output.shape[0];
    if (n === 0) return;
    const size = output.size / n;
    if (this.#sums.count > 0 && size !== this.#sums.size) {
      throw new ShapeError(
        `${this.#who}: a batch has ${size} numbers per target, the batches before had ${this.#sums.size}`,
      );
    }
    const columns = this.#sums.count > 0 ? this.#sums.columns : none(size);
    let { count } = this.#sums;
    for (let i = 0; i < n; i++) {
      count++;
      for (let k = 0; k < size; k++) {
        const target = targets.data[i * size + k];
        const error = Math.abs(target - output.data[i * size + k]);
        columns.absolute[k] += error;
        columns.squares[k] += error * error;
        columns.largest[k] = Math.max(columns.largest[k], error);
        const step = target - columns.mean[k];
        columns.mean[k] += step / count;
        columns.spread[k] += step * (target - columns.mean[k]);
      }
    }
    this.#sums = { count, size, columns };
  }

  value(): number {
    return this.#value(this.#sums);
  }

  state(): PlainData {
    const { count, size, columns } = this.#sums;
    const copies = FIELDS.map((field) => [field, columns[field].slice()] as const);
    return { options: "", count, size, ...Object.fromEntries(copies) };
  }

  restore(state: unknown): void {
    const saved = savedWith(this.#who, "", state);
    const [count, size] = [saved.count as number, saved.size as number];
    const whole = FIELDS.every(
      (field) => tagOf(saved[field]) === "Float64Array" && (saved[field] as Float64Array).length === size,
    );
    if (!(Number.isSafeInteger(count) && count >= 0 && whole)) {
      throw new FormatError(`checkpoint: ${this.#who}: not a state: ${show(state)}`);
    }
    const copies = FIELDS.map((field) => [field, (saved[field] as Float64Array).slice()]);
    this.#sums = { count, size, columns: Object.fromEntries(copies) as Columns };
  }
}
