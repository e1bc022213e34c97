import { ArgumentError, formatShape, ShapeError, sameShape, show, type Tensor } from "@gradus/core";

/**
 * Judges a batch: the *sum* over its samples of whatever is measured, such as the number of hits. `fit` and `evaluate`
 * add these sums up and divide by the number of samples, so averages are exact also where the last batch is smaller.
 *
 * @example
 * const meanAbsoluteError: Metric = (output, targets) => output.sub(targets).abs().sum().item();
 */
export type Metric = (output: Tensor, targets: Tensor) => number;

/** Metrics by name. The name is that of the column in the history; on validation data `val` comes in front. */
export type Metrics = Readonly<Record<string, Metric>>;

/**
 * The number of samples of which the largest output is that of the right class (top-1 accuracy).
 *
 * Of several equal largest outputs the first counts. A sample with a NaN among its outputs is a miss.
 *
 * Shapes: output [n, c, ...] with c ≥ 2, scores of any kind (logits, probabilities, log-probabilities); targets are
 * class indices [n, ...] or probabilities of the shape of the output. With further axes a sample counts for the share
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
 * The number of samples with the right answer to a yes/no question: the output is above the threshold exactly if the
 * target is above 0.5. A NaN is a miss.
 *
 * Shapes: output and targets equal, [n], [n, 1] or [n, ...]; a sample of several answers counts for the share that is
 * right.
 *
 * @param options `threshold`: 0 for logits (the default), 0.5 for probabilities.
 * @throws ArgumentError for a threshold that is no finite number; the metric throws ShapeError for different shapes.
 * @example await fit(net, xor, { metrics: { accuracy: binaryAccuracy() }, loss: bceWithLogits, ... });
 */
export function binaryAccuracy({ threshold = 0 }: { readonly threshold?: number } = {}): Metric {
  if (!Number.isFinite(threshold)) {
    throw new ArgumentError(`binaryAccuracy: threshold must be a finite number, got ${show(threshold)}`);
  }
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

/** Whether outputs [n, c, ...] meet targets [n, ...], as class indices do. @internal */
export function hasClassIndices(output: Tensor, targets: Tensor): boolean {
  return output.rank >= 2 && output.shape[1] >= 2 && sameShape(output.shape.toSpliced(1, 1), targets.shape);
}

/** The metrics to use where none are given: accuracy for class indices, else none. @internal */
export function defaultMetrics(output: Tensor, targets: Tensor): Metrics {
  return hasClassIndices(output, targets) ? { accuracy } : {};
}

/** Position of the first largest of `count` numbers; NaN, which equals nothing, if one of them is. */
function largest(data: Float64Array, first: number, count: number, stride: number): number {
  let best = 0;
  for (let k = 0; k < count; k++) {
    const value = data[first + k * stride];
    if (Number.isNaN(value)) return Number.NaN;
    if (value > data[first + best * stride]) best = k;
  }
  return best;
}
