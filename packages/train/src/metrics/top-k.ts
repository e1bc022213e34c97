import {
  ArgumentError,
  formatShape,
  noMore,
  ranges,
  resolveOptions,
  ShapeError,
  type Tensor,
} from "@gradus/core";
import { checkTensors, hasClassIndices, IGNORED, type Metric } from "../metrics.ts";

/** Options of {@link topKAccuracy}. */
export interface TopKOptions {
  /** The number of largest outputs among which the right class must be, ≥ 1. Default 5. */
  readonly k?: number;
  /** A target of this value counts as missing, as in `crossEntropy`. Default -100, PyTorch's. */
  readonly ignoreIndex?: number;
}

/**
 * The share of samples whose class is among the k largest outputs. Equal outputs count in the order of the classes, so k = 1 is
 * {@link accuracy}. A sample with a NaN among its outputs counts as wrong.
 *
 * Shapes: output [n, c, ...] with c ≥ 2 and c ≥ k; targets are class indices [n, ...]. With further axes a sample counts as the
 * share of its positions that are right.
 *
 * @throws ArgumentError for options out of range; in a batch, if there are fewer than k classes; ShapeError for other shapes.
 * @example await fit(net, images, { metrics: { accuracy, top5: topKAccuracy() }, ... });
 */
export function topKAccuracy(options: TopKOptions = {}, ...extra: readonly undefined[]): Metric {
  noMore("topKAccuracy", "options", extra);
  const { k, ignoreIndex } = resolveOptions<Required<TopKOptions>>(
    "topKAccuracy",
    options,
    { k: 5, ignoreIndex: IGNORED },
    { k: ranges.positiveCount, ignoreIndex: ranges.finite },
  );
  const measured = (output: Tensor, targets: Tensor): { hits: number; counted: number } => {
    checkTensors("topKAccuracy", output, targets);
    if (!hasClassIndices(output, targets)) {
      throw new ShapeError(
        `topKAccuracy(${formatShape(output.shape)}, ${formatShape(targets.shape)}): needs outputs [n, classes, ...] of 2 ` +
          "classes or more, and as targets their indices [n, ...]",
      );
    }
    const [n, c, ...rest] = output.shape;
    if (k > c) throw new ArgumentError(`topKAccuracy: k is ${k}, but there are only ${c} classes`);
    const positions = rest.reduce((product, size) => product * size, 1);
    if (positions === 0) return { hits: 0, counted: n };
    let [hits, ignored] = [0, 0];
    for (let i = 0; i < targets.size; i++) {
      const target = targets.data[i];
      if (target === ignoreIndex) ignored++;
      else if (
        rank(output.data, target, Math.floor(i / positions) * c * positions + (i % positions), c, positions) <
        k
      )
        hits++;
    }
    return { hits: hits / positions, counted: (targets.size - ignored) / positions };
  };
  const hits = (output: Tensor, targets: Tensor, ...extra: readonly undefined[]): number => {
    noMore("topKAccuracy()", "output, targets", extra);
    return measured(output, targets).hits;
  };
  return Object.assign(hits, {
    count: (output: Tensor, targets: Tensor) => measured(output, targets).counted,
  });
}

/** The number of classes whose output comes before that of `target`; infinite if one is NaN or there is no such class. */
function rank(data: Float64Array, target: number, first: number, c: number, stride: number): number {
  if (!(Number.isInteger(target) && target >= 0 && target < c)) return Number.POSITIVE_INFINITY;
  const own = data[first + target * stride];
  let before = 0;
  for (let k = 0; k < c; k++) {
    const score = data[first + k * stride];
    if (Number.isNaN(score)) return Number.POSITIVE_INFINITY;
    if (score > own || (score === own && k < target)) before++;
  }
  return before;
}
