import { ArgumentError, FormatError, show, type Tensor, tagOf } from "@gradus/core";
import { type LossWeight, warn } from "@gradus/core/internal";
import { checkedValue, isEpochMetric, type Measurement, type MetricTable } from "./metrics/epoch-metric.ts";
import type { Metric, Metrics } from "./metrics.ts";

/**
 * The mean of a loss and the values of metrics over an epoch. They do not depend on the size of the batches: in a mean each
 * batch counts by the number that the loss or metric itself divides by, and an {@link EpochMetric} keeps what it needs. @internal
 */
export class Averages {
  /** `loss`, then the metrics. */
  readonly names: readonly string[];
  /** Those of {@link names} that are tables. */
  readonly tableNames: readonly string[];
  readonly #metrics: readonly (readonly [name: string, metric: Metrics[string]])[];
  /** For each metric: undefined for one that is a sum. */
  #measurements: readonly (Measurement<number | MetricTable> | undefined)[] = [];
  readonly #sums: Float64Array;
  /** The number by which each sum is divided. */
  readonly #counts: Float64Array;
  #samples = 0;
  #warned = false;

  /** @param named gives a value its name: {@link validationName} for validation data. Default: the name as it is. */
  constructor(metrics: Metrics, named: (name: string) => string = (name) => name) {
    this.names = ["loss", ...Object.keys(metrics)].map(named);
    this.#metrics = Object.entries(metrics);
    this.tableNames = this.names.filter((_, i) => i > 0 && isTableMetric(this.#metrics[i - 1][1]));
    this.#measurements = this.#begun();
    this.#sums = new Float64Array(this.names.length);
    this.#counts = new Float64Array(this.names.length);
  }

  /** The number of samples so far. */
  get samples(): number {
    return this.#samples;
  }

  reset(): void {
    this.#sums.fill(0);
    this.#counts.fill(0);
    this.#samples = 0;
    this.#measurements = this.#begun();
  }

  #begun(): (Measurement<number | MetricTable> | undefined)[] {
    return this.#metrics.map(([, metric]) => (isEpochMetric(metric) ? metric.start() : undefined));
  }

  /** The sums so far, and the states of the metrics that are no sums. */
  state(): object {
    const [sums, counts] = [this.#sums.slice(), this.#counts.slice()];
    const measured = this.#measurements.map((measurement) => measurement?.state() ?? null);
    const more = measured.some((state) => state !== null) ? { measured } : {};
    return { names: this.names, sums, counts, samples: this.#samples, ...more };
  }

  /** Takes the result of {@link Averages.state} back. @throws FormatError, changing nothing, if it has other metrics. */
  restore(state: unknown): void {
    const { names, sums, samples, counts: noted, measured = [] } = Object(state) as Record<string, unknown>;
    const same = Array.isArray(names) && names.join() === this.names.join();
    // A state of version 0.1 has no counts: there all sums were divided by the samples.
    const counts = noted === undefined ? this.#sums.map(() => samples as number) : noted;
    const whole = [sums, counts].every(
      (x) => tagOf(x) === "Float64Array" && (x as Float64Array).length === this.#sums.length,
    );
    const begun = this.#begun();
    const kept = begun.every(
      (x, i) => (x === undefined) === (((measured as unknown[])?.[i] ?? null) === null),
    );
    if (!same || !whole || !kept || !Number.isSafeInteger(samples)) {
      throw new FormatError(
        `checkpoint: it has sums of ${show(names)}, where ${this.names.join(", ")} are measured`,
      );
    }
    begun.forEach((measurement, i) => {
      measurement?.restore((measured as unknown[])[i]);
    });
    this.#measurements = begun;
    this.#sums.set(sums as Float64Array);
    this.#counts.set(counts as Float64Array);
    this.#samples = samples as number;
  }

  /** Adds a batch: the mean loss of its samples, with the weights of this mean, and the sum of each metric. */
  add(loss: number, output: Tensor, targets: Tensor, weights: readonly LossWeight[] = []): void {
    const size = targets.shape[0];
    this.#add(0, loss, this.#weightOf(weights, size));
    this.#metrics.forEach(([name, given], i) => {
      this.#measurements[i]?.add(output, targets);
      if (isEpochMetric(given)) return;
      const metric: Metric = given;
      const sum: unknown = metric(output, targets);
      const count: unknown = metric.count ? metric.count(output, targets) : size;
      if (typeof sum !== "number" || typeof count !== "number") {
        throw new ArgumentError(
          `the metric ${show(name)} must return a number, its ${typeof sum === "number" ? "count" : "sum"} over the ` +
            `batch, got ${show(typeof sum === "number" ? count : sum)}`,
        );
      }
      this.#sums[1 + i] += sum;
      this.#counts[1 + i] += count;
    });
    this.#samples += size;
  }

  /** Adds a mean that counts by `weight`; one of weight 0 is a mean of nothing, NaN. */
  #add(index: number, mean: number, weight: number): void {
    if (weight !== 0) this.#sums[index] += mean * weight;
    this.#counts[index] += weight;
  }

  /** The weight of the loss of a batch, in samples: its own divisor; without one, the number of samples. */
  #weightOf(weights: readonly LossWeight[], size: number): number {
    const values = weights.map(({ weight, perSample }) => weight.item() / perSample);
    if (values.length === 0) return size;
    if (values.every((value) => value === values[0])) return values[0];
    if (!this.#warned) {
      this.#warned = true;
      warn(
        `the loss consists of weighted means with different weights (${values.join(", ")}), so no weight of the batch ` +
          "makes its average exact: batches count by their samples",
      );
    }
    return size;
  }

  /** One of the {@link names}, which is a number. */
  get(name: string): number {
    if (!this.numberNames.includes(name)) {
      const table = this.tableNames.includes(name)
        ? "it is a table; numbers are"
        : "there is no such value, only";
      throw new ArgumentError(`average(${show(name)}): ${table} ${this.numberNames.join(", ")}`);
    }
    return this.#value(name) as number;
  }

  #value(name: string): number | MetricTable {
    const index = this.names.indexOf(name);
    const [metricName, metric] = this.#metrics[index - 1] ?? [];
    if (!isEpochMetric(metric)) return this.#sums[index] / this.#counts[index];
    return checkedValue(metricName, metric, this.#measurements[index - 1]?.value());
  }

  /** Those of {@link names} that are numbers. */
  get numberNames(): readonly string[] {
    return this.names.filter((name) => !this.tableNames.includes(name));
  }

  /** All numbers by name. */
  all(): Record<string, number> {
    return Object.fromEntries(this.numberNames.map((name) => [name, this.#value(name) as number]));
  }

  /** All tables by name. */
  tables(): Record<string, MetricTable> {
    return Object.fromEntries(this.tableNames.map((name) => [name, this.#value(name) as MetricTable]));
  }
}

function isTableMetric(metric: Metrics[string]): boolean {
  return isEpochMetric(metric) && metric.table === true;
}
