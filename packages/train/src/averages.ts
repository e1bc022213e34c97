import { ArgumentError, FormatError, show, type Tensor } from "@gradus/core";
import type { Metrics } from "./metrics.ts";

interface AveragesState {
  readonly names: readonly string[];
  readonly sums: Float64Array;
  readonly samples: number;
}

/** Means over samples of a loss and of metrics, exact also where batches differ in size. @internal */
export class Averages {
  /** `loss`, then the metrics. */
  readonly names: readonly string[];
  readonly #metrics: Metrics;
  readonly #sums: Float64Array;
  #samples = 0;

  constructor(metrics: Metrics) {
    this.names = ["loss", ...Object.keys(metrics)];
    this.#metrics = metrics;
    this.#sums = new Float64Array(this.names.length);
  }

  /** How many samples went in. */
  get samples(): number {
    return this.#samples;
  }

  reset(): void {
    this.#sums.fill(0);
    this.#samples = 0;
  }

  /** What went in so far. */
  state(): AveragesState {
    return { names: this.names, sums: this.#sums.slice(), samples: this.#samples };
  }

  /** Goes on from {@link Averages.state}. @throws FormatError, changing nothing, if that is of other metrics. */
  restore(state: unknown): void {
    const { names, sums, samples } = Object(state) as Partial<AveragesState>;
    const same = Array.isArray(names) && names.join() === this.names.join();
    const whole = sums instanceof Float64Array && sums.length === this.#sums.length;
    if (!same || !whole || !Number.isSafeInteger(samples)) {
      throw new FormatError(
        `checkpoint: it has sums of ${show(names)}, where ${this.names.join(", ")} are measured`,
      );
    }
    this.#sums.set(sums);
    this.#samples = samples as number;
  }

  /** Adds a batch: the mean loss of its samples, and the sums its metrics give. */
  add(loss: number, output: Tensor, targets: Tensor): void {
    const size = targets.shape[0];
    this.#sums[0] += loss * size;
    for (let i = 1; i < this.names.length; i++) {
      const sum: unknown = this.#metrics[this.names[i]](output, targets);
      if (typeof sum !== "number") {
        throw new ArgumentError(
          `the metric ${show(this.names[i])} must return a number, its sum over the batch, got ${show(sum)}`,
        );
      }
      this.#sums[i] += sum;
    }
    this.#samples += size;
  }

  /** The mean of one of {@link names}. */
  get(name: string): number {
    const index = this.names.indexOf(name);
    if (index < 0) {
      throw new ArgumentError(
        `average(${show(name)}): there is no such value, only ${this.names.join(", ")}`,
      );
    }
    return this.#sums[index] / this.#samples;
  }

  /** All means by name. */
  all(): { readonly loss: number } & Record<string, number> {
    const means: Record<string, number> = {};
    for (const name of this.names) means[name] = this.get(name);
    return means as ReturnType<Averages["all"]>;
  }
}
