import {
  ArgumentError,
  check,
  FormatError,
  formatShape,
  ranges,
  resolveOptions,
  ShapeError,
  sameShape,
  show,
  type Tensor,
  tagOf,
} from "@gradus/core";

/**
 * Measures a batch: the *sum* of a value over its samples, such as the number of correct ones. `fit` and `evaluate` add
 * these sums and divide by the number of samples, so averages are exact also if the last batch is smaller.
 *
 * @example
 * const meanAbsoluteError: Metric = (output, targets) => output.sub(targets).abs().sum().item();
 */
export type Metric = (output: Tensor, targets: Tensor) => number;

/** Metrics by name. The name is the column in the history; on validation data it gets the prefix `val`. */
export type Metrics = Readonly<Record<string, Metric>>;

/**
 * The number of samples whose largest output is that of the right class (top-1 accuracy).
 *
 * Of several equal largest outputs the first counts. A sample with a NaN among its outputs counts as wrong.
 *
 * Shapes: output [n, c, ...] with c ≥ 2, scores of any kind (logits, probabilities, log-probabilities); targets are
 * class indices [n, ...] or probabilities of the shape of the output. With further axes a sample counts as the share
 * of its positions that are right.
 *
 * @throws ShapeError for other shapes; for one yes/no output use {@link binaryAccuracy}.
 * @example accuracy(tensor([[0.1, 2], [3, 1]]), tensor([1, 1])); // 1: the first sample
 */
export function accuracy(output: Tensor, targets: Tensor): number {
  const [n, c = 0, ...rest] = output.shape;
  const indices = hasClassIndices(output, targets);
  if (!indices && !(c >= 2 && sameShape(output.shape, targets.shape))) {
    throw new ShapeError(
      `accuracy(${formatShape(output.shape)}, ${formatShape(targets.shape)}): needs outputs [n, classes, ...] of 2 classes ` +
        "or more, and as targets their indices [n, ...] or probabilities of the outputs' shape; " +
        "for a yes/no output use binaryAccuracy()",
    );
  }
  const positions = rest.reduce((product, size) => product * size, 1);
  let hits = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < positions; j++) {
      const first = i * c * positions + j;
      const target = indices ? targets.data[i * positions + j] : largest(targets.data, first, c, positions);
      if (largest(output.data, first, c, positions) === target) hits++;
    }
  }
  return positions === 0 ? 0 : hits / positions;
}

/**
 * The number of samples with the right yes/no output: the output is above the threshold exactly if the target is above
 * 0.5. NaN counts as wrong.
 *
 * Shapes: output and targets equal, [n], [n, 1] or [n, ...]; a sample with several outputs counts as the share that is
 * right.
 *
 * @param options `threshold`: 0 for logits (the default), 0.5 for probabilities.
 * @throws ArgumentError for a threshold that is no finite number; the metric throws ShapeError for different shapes.
 * @example await fit(net, xor, { metrics: { accuracy: binaryAccuracy() }, loss: bceWithLogits, ... });
 */
export function binaryAccuracy(options: { readonly threshold?: number } = {}): Metric {
  const allowed = { threshold: ranges.finite };
  const defaults = { threshold: 0 };
  const { threshold } = resolveOptions<typeof defaults>("binaryAccuracy", options, defaults, allowed);
  return (output, targets) => {
    if (output.rank === 0 || !sameShape(output.shape, targets.shape)) {
      throw new ShapeError(
        `binaryAccuracy(${formatShape(output.shape)}, ${formatShape(targets.shape)}): outputs and targets must have ` +
          "the same shape [n, ...]; reshape one of them",
      );
    }
    let hits = 0;
    for (let i = 0; i < output.size; i++) {
      const answer = output.data[i];
      const target = targets.data[i];
      if (Number.isNaN(answer) || Number.isNaN(target)) continue;
      if (answer > threshold === target > 0.5) hits++;
    }
    return output.size === 0 ? 0 : hits / (output.size / output.shape[0]);
  };
}

/** Whether the shapes are those of outputs [n, c, ...] and class indices [n, ...]. @internal */
export function hasClassIndices(output: Tensor, targets: Tensor): boolean {
  return output.rank >= 2 && output.shape[1] >= 2 && sameShape(output.shape.toSpliced(1, 1), targets.shape);
}

/** The default metrics: accuracy for class indices, else none. @internal */
export function defaultMetrics(output: Tensor, targets: Tensor): Metrics {
  return hasClassIndices(output, targets) ? { accuracy } : {};
}

/** Position of the first largest of `count` numbers; NaN, which equals nothing, if one of them is NaN. */
function largest(data: Float64Array, first: number, count: number, stride: number): number {
  let best = 0;
  for (let k = 0; k < count; k++) {
    const value = data[first + k * stride];
    if (Number.isNaN(value)) return Number.NaN;
    if (value > data[first + best * stride]) best = k;
  }
  return best;
}

const taken: ReadonlySet<string> = new Set(["epoch", "loss", "learningRate", "seconds"]);

/** The name of a value on validation data: `loss` becomes `valLoss`. @internal */
export function validationName(name: string): string {
  return `val${name[0].toUpperCase()}${name.slice(1)}`;
}

/** Refuses metrics that are no functions, or whose names are those of other columns. @internal */
export function checkMetrics(who: string, metrics: Metrics | undefined): void {
  if (metrics === undefined) return;
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics)) {
    throw new ArgumentError(`${who}: metrics is an object such as { accuracy }, got ${show(metrics)}`);
  }
  for (const [name, metric] of Object.entries(metrics)) {
    if (typeof metric !== "function") {
      throw new ArgumentError(
        `${who}: the metric ${show(name)} must be a function (output, targets) => sum, got ${show(metric)}`,
      );
    }
    if (!/^[A-Za-z]\w*$/.test(name) || taken.has(name) || /^val[A-Z]/.test(name)) {
      throw new ArgumentError(
        `${who}: a metric cannot be named ${show(name)}; use letters and digits, not ${[...taken].join(", ")} or val…`,
      );
    }
  }
}

/** Means of a loss and of metrics over samples, exact also for batches of different sizes. @internal */
export class Averages {
  /** `loss`, then the metrics. */
  readonly names: readonly string[];
  readonly #metrics: readonly (readonly [name: string, metric: Metric])[];
  readonly #sums: Float64Array;
  #samples = 0;

  /** @param named gives a value its name: {@link validationName} for validation data. Default: the name as it is. */
  constructor(metrics: Metrics, named: (name: string) => string = (name) => name) {
    this.names = ["loss", ...Object.keys(metrics)].map(named);
    this.#metrics = Object.entries(metrics);
    this.#sums = new Float64Array(this.names.length);
  }

  /** The number of samples so far. */
  get samples(): number {
    return this.#samples;
  }

  reset(): void {
    this.#sums.fill(0);
    this.#samples = 0;
  }

  /** The sums so far. */
  state(): object {
    return { names: this.names, sums: this.#sums.slice(), samples: this.#samples };
  }

  /** Takes the result of {@link Averages.state} back. @throws FormatError, changing nothing, if it has other metrics. */
  restore(state: unknown): void {
    const { names, sums, samples } = Object(state) as Record<string, unknown>;
    const same = Array.isArray(names) && names.join() === this.names.join();
    const whole = tagOf(sums) === "Float64Array" && (sums as Float64Array).length === this.#sums.length;
    if (!same || !whole || !Number.isSafeInteger(samples)) {
      throw new FormatError(
        `checkpoint: it has sums of ${show(names)}, where ${this.names.join(", ")} are measured`,
      );
    }
    this.#sums.set(sums as Float64Array);
    this.#samples = samples as number;
  }

  /** Adds a batch: the mean loss of its samples, and the sum of each metric. */
  add(loss: number, output: Tensor, targets: Tensor): void {
    const size = targets.shape[0];
    this.#sums[0] += loss * size;
    this.#metrics.forEach(([name, metric], i) => {
      const sum: unknown = metric(output, targets);
      if (typeof sum !== "number") {
        throw new ArgumentError(
          `the metric ${show(name)} must return a number, its sum over the batch, got ${show(sum)}`,
        );
      }
      this.#sums[1 + i] += sum;
    });
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
  all(): Record<string, number> {
    return Object.fromEntries(this.names.map((name) => [name, this.get(name)]));
  }
}

/** Whether less or more of a value is better. */
export type Direction = "min" | "max";

/**
 * The direction in which a logged value gets better: the given one, else `"min"` for losses and `"max"` for accuracies.
 *
 * @throws ArgumentError if nothing is given for another name. @internal
 */
export function directionOf(who: string, monitor: string, given: Direction | undefined): Direction {
  if (given !== undefined) {
    check(who, "direction", given, ranges.oneOf("min", "max"));
    return given;
  }
  if (/loss$/i.test(monitor)) return "min";
  if (/accuracy$/i.test(monitor)) return "max";
  throw new ArgumentError(
    `${who}: the name ${show(monitor)} does not tell whether more or less is better; pass direction: "max" or direction: "min"`,
  );
}

/** Whether `value` is better than `other`. NaN never is, and anything else is better than NaN. @internal */
export function isBetter(value: number, other: number, direction: Direction): boolean {
  if (Number.isNaN(value)) return false;
  return Number.isNaN(other) || (direction === "min" ? value < other : value > other);
}
