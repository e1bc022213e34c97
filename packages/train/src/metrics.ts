import {
  ArgumentError,
  check,
  formatShape,
  noMore,
  notTensor,
  ranges,
  resolveOptions,
  ShapeError,
  sameShape,
  show,
  Tensor,
} from "@gradus/core";
import { isRecord } from "./checkpoint/plain-data.ts";
import { type EpochMetric, isEpochMetric, type MetricTable } from "./metrics/epoch-metric.ts";

/**
 * Measures a batch: the *sum* of a value over its samples, such as the number of correct ones. `fit` and `evaluate` add
 * these sums and divide by the number of samples, so averages are exact also if the last batch is smaller. For a value that is
 * no mean over the samples there is {@link EpochMetric}.
 *
 * @example
 * const meanAbsoluteError: Metric = (output, targets) => output.sub(targets).abs().sum().item();
 */
export interface Metric {
  (output: Tensor, targets: Tensor): number;
  /** The number to divide by for this batch: the samples that count. Default: all samples. {@link accuracy} has it. */
  readonly count?: (output: Tensor, targets: Tensor) => number;
}

/** Metrics by name. The name is the column in the history; on validation data it gets the prefix `val`. */
export type Metrics = Readonly<Record<string, Metric | EpochMetric | EpochMetric<MetricTable>>>;

/** PyTorch's class index of a missing target, the default `ignoreIndex` of `crossEntropy`. @internal */
export const IGNORED = -100;

/** Options of {@link classAccuracy}. */
export interface ClassAccuracyOptions {
  /** A target of this value counts as missing, as in `crossEntropy`. Default -100, PyTorch's. */
  readonly ignoreIndex?: number;
}

/**
 * The metric {@link accuracy} for a loss with an `ignoreIndex` of its own.
 *
 * @throws ArgumentError if `ignoreIndex` is no finite number.
 * @example
 * const loss: Loss = (output, targets) => crossEntropy(output, targets, { ignoreIndex: 0 });
 * await fit(net, words, { loss, metrics: { accuracy: classAccuracy({ ignoreIndex: 0 }) }, ... });
 */
export function classAccuracy(options: ClassAccuracyOptions = {}, ...extra: readonly undefined[]): Metric {
  noMore("classAccuracy", "options", extra);
  const { ignoreIndex } = resolveOptions<Required<ClassAccuracyOptions>>(
    "classAccuracy",
    options,
    { ignoreIndex: IGNORED },
    { ignoreIndex: ranges.finite },
  );
  const hits = (output: Tensor, targets: Tensor, ...extra: readonly undefined[]): number => {
    noMore("accuracy", "output, targets", extra);
    return classHits(output, targets, ignoreIndex).hits;
  };
  return Object.assign(hits, {
    count: (output: Tensor, targets: Tensor) => classHits(output, targets, ignoreIndex).counted,
  });
}

/**
 * The number of samples whose largest output is that of the right class (top-1 accuracy).
 *
 * Of several equal largest outputs the first counts. A sample with a NaN among its outputs counts as wrong. A class index
 * of -100 is a missing target, as in `crossEntropy`: `fit` and `evaluate` divide by the number of the others. For another
 * `ignoreIndex` use {@link classAccuracy}.
 *
 * Shapes: output [n, c, ...] with c ≥ 2, scores of any kind (logits, probabilities, log-probabilities); targets are
 * class indices [n, ...] or probabilities of the shape of the output. With further axes a sample counts as the share
 * of its positions that are right.
 *
 * @throws ShapeError for other shapes; for one yes/no output use {@link binaryAccuracy}.
 * @example accuracy(tensor([[0.1, 2], [3, 1]]), tensor([1, 1])); // 1: the first sample
 */
export const accuracy: Metric = classAccuracy();

/** The right positions and those with a target, in samples: a sample counts as 1, a position as its share of that. */
function classHits(
  output: Tensor,
  targets: Tensor,
  ignoreIndex: number,
): { readonly hits: number; readonly counted: number } {
  checkTensors("accuracy", output, targets);
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
  if (positions === 0) return { hits: 0, counted: n };
  let hits = 0;
  let ignored = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < positions; j++) {
      const first = i * c * positions + j;
      const target = indices ? targets.data[i * positions + j] : largest(targets.data, first, c, positions);
      if (indices && target === ignoreIndex) ignored++;
      else if (largest(output.data, first, c, positions) === target) hits++;
    }
  }
  return { hits: hits / positions, counted: (n * positions - ignored) / positions };
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
export function binaryAccuracy(
  options: { readonly threshold?: number } = {},
  ...extra: readonly undefined[]
): Metric {
  noMore("binaryAccuracy", "options", extra);
  const allowed = { threshold: ranges.finite };
  const defaults = { threshold: 0 };
  const { threshold } = resolveOptions<typeof defaults>("binaryAccuracy", options, defaults, allowed);
  return (output: Tensor, targets: Tensor, ...extra: readonly undefined[]) => {
    noMore("binaryAccuracy()", "output, targets", extra);
    checkTensors("binaryAccuracy()", output, targets);
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

/** Throws unless outputs and targets are tensors. @internal */
export function checkTensors(who: string, output: unknown, targets: unknown): void {
  for (const x of [output, targets]) {
    if (!(x instanceof Tensor)) throw new ArgumentError(`${who}: takes tensors, got ${notTensor(x)}`);
  }
}

/** Whether the shapes are those of outputs [n, c, ...] and class indices [n, ...]. @internal */
export function hasClassIndices(output: Tensor, targets: Tensor): boolean {
  return output.rank >= 2 && output.shape[1] >= 2 && sameShape(output.shape.toSpliced(1, 1), targets.shape);
}

/** The default metrics: accuracy for class indices, else none. @internal */
export function defaultMetrics(output: Tensor, targets: Tensor): Metrics {
  return hasClassIndices(output, targets) ? { accuracy } : {};
}

/** Position of the first largest of `count` numbers; NaN, which equals nothing, if one of them is NaN. @internal */
export function largest(data: Float64Array, first: number, count: number, stride: number): number {
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

/** The functions that make a metric. */
const MAKERS: readonly string[] =
  "classAccuracy binaryAccuracy topKAccuracy confusionMatrix precision recall f1 auc".split(" ");

/** Whether a function is one of {@link MAKERS}; one of a program may have the same name, and gives a number. */
function makesMetric(metric: Metric): boolean {
  if (metric.length > 0 || !MAKERS.includes(metric.name)) return false;
  const made: unknown = (metric as () => unknown)();
  return typeof made === "function" || isEpochMetric(made);
}

/** Refuses what are no metrics, functions that make one and were not called, and metrics whose names are those of other columns. @internal */
export function checkMetrics(who: string, metrics: Metrics | undefined): void {
  if (metrics === undefined) return;
  if (!isRecord(metrics) || Object.getOwnPropertySymbols(metrics).length > 0) {
    throw new ArgumentError(`${who}: metrics is an object such as { accuracy }, got ${show(metrics)}`);
  }
  for (const [name, metric] of Object.entries(metrics)) {
    if (typeof metric !== "function" && !isEpochMetric(metric)) {
      throw new ArgumentError(
        `${who}: the metric ${show(name)} must be a function (output, targets) => sum or an EpochMetric, got ${show(metric)}`,
      );
    }
    if (typeof metric === "function" && makesMetric(metric)) {
      throw new ArgumentError(
        `${who}: the metric ${show(name)} is a function that makes a metric; did you mean to call it, ${metric.name}()?`,
      );
    }
    if (!/^[A-Za-z]\w*$/.test(name) || taken.has(name) || /^val[A-Z]/.test(name)) {
      throw new ArgumentError(
        `${who}: a metric cannot be named ${show(name)}; use letters and digits, not ${[...taken].join(", ")} or val…`,
      );
    }
  }
}

/** Whether less or more of a value is better. */
export type Direction = "min" | "max";

/**
 * The direction in which a logged value gets better: the given one, else `"min"` for losses, `"max"` for accuracies, and for a
 * metric of gradus under its own name, such as `f1` or `valRmse`, what it is.
 *
 * @throws ArgumentError if nothing is given for another name. @internal
 */
export function directionOf(who: string, monitor: string, given: Direction | undefined): Direction {
  if (given !== undefined) {
    check(who, "direction", given, ranges.oneOf("min", "max"));
    return given;
  }
  if (/loss$|^(val)?(mae|rmse|maxError)$/i.test(monitor)) return "min";
  if (/accuracy$|^(val)?(precision|recall|f1|auc|r2)$/i.test(monitor)) return "max";
  throw new ArgumentError(
    `${who}: the name ${show(monitor)} does not tell whether more or less is better; pass direction: "max" or direction: "min"`,
  );
}

/** Whether `value` is better than `other`. NaN never is, and anything else is better than NaN. @internal */
export function isBetter(value: number, other: number, direction: Direction): boolean {
  if (Number.isNaN(value)) return false;
  return Number.isNaN(other) || (direction === "min" ? value < other : value > other);
}
