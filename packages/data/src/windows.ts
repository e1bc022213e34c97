import {
  ArgumentError,
  formatShape,
  type NestedNumbers,
  noMore,
  ranges,
  resolveOptions,
  type Shape,
  ShapeError,
  show,
  type Tensor,
  type TypedArray,
} from "@gradus/core";
import { type Dataset, datasetOf } from "./dataset.ts";
import { InputList } from "./input-list.ts";
import { Samples } from "./samples.ts";
import { Stored } from "./stored.ts";

/** Options of {@link windows}. */
export interface WindowOptions {
  /** Number of steps of a window, ≥ 1. */
  readonly length: number;
  /** Steps from the last one of a window to its target, ≥ 1. Default 1: the next step. */
  readonly horizon?: number;
  /** Steps from the start of one window to the start of the next, ≥ 1. Default 1. */
  readonly stride?: number;
  /** For a series of several values per step: the positions of the values to predict. Default: all of them. */
  readonly predict?: readonly number[] | undefined;
}

/**
 * Windows of a series: `length` steps are the input, and the step `horizon` after the last of them is the target.
 *
 *     step     0  1  2  3  4  5  6
 *     window 0 x  x  x     y          length 3, horizon 2
 *     window 1    x  x  x     y
 *
 * A series of n steps has floor((n − length − horizon)/stride) + 1 windows. The dataset is `ordered`: `split`, `shuffle` and
 * `folds` are refused, because windows overlap and a random part would contain the targets of the other. `splitInOrder`
 * divides it in time: each target of the second part is later than every number of the first.
 *
 * Shapes: a series [n] gives inputs [length] and targets []; a series [n, d] gives inputs [length, d] and targets [d], or
 * [predict.length].
 *
 * @param series the values in order of time: a typed array or list of n numbers, or a tensor or nested arrays [n, d].
 * @param options see {@link WindowOptions}; `length` is required.
 * @throws ArgumentError for a bad option, or a series shorter than length + horizon; ShapeError for more axes.
 * @example
 * const [past, future] = windows(prices, { length: 30 }).splitInOrder(0.8);
 * const transform = standardize(past, { per: "all" }); // for [n, d]: per: "column"
 */
export function windows(
  series: TypedArray | Tensor | NestedNumbers,
  options: WindowOptions,
  ...extra: readonly undefined[]
): Dataset {
  noMore("windows", "series, options", extra);
  const { length, horizon, stride, predict } = resolveOptions<Required<WindowOptions>>(
    "windows",
    options,
    { horizon: 1, stride: 1 },
    {
      length: ranges.positiveCount,
      horizon: ranges.positiveCount,
      stride: ranges.positiveCount,
      predict: ranges.optional(ranges.counts),
    },
  );
  const steps = Samples.from(series, undefined, { what: "series" });
  if (steps.shape.length > 1) {
    throw new ShapeError(
      `windows: the series must be [n] or [n, d], its steps are ${formatShape(steps.shape)}`,
    );
  }
  if (predict !== undefined) checkPositions(predict, steps.shape);
  const count = Math.floor((steps.count - length - horizon) / stride) + 1;
  if (count < 1) {
    throw new ArgumentError(
      `windows: a series of ${steps.count} steps has no window of length ${length} with a target ${horizon} ahead`,
    );
  }
  const starts = Uint32Array.from({ length: count }, (_, i) => i * stride);
  const ends = starts.map((start) => start + length - 1 + horizon);
  const targets = predict === undefined ? steps : pick(steps, predict);
  const inputs = new InputList(undefined, [steps.windows(starts, length)]);
  const none = inputs.map(() => undefined);
  return datasetOf(new Stored(inputs, targets.select(ends)), {
    transforms: none,
    columns: none,
    targetTransform: undefined,
    classes: undefined,
    classNames: undefined,
    ordered: true,
  });
}

function checkPositions(predict: readonly number[], [width]: Shape): void {
  const inside = width !== undefined && predict.every((j) => j < width);
  if (inside && predict.length > 0 && new Set(predict).size === predict.length) return;
  throw new ArgumentError(
    `windows: predict must be different positions of the ${width ?? 1} values of a step of a series [n, d], got ${show(predict)}`,
  );
}

/** The values at these positions of each step. */
function pick(steps: Samples, positions: readonly number[]): Samples {
  const out = new Float64Array(steps.count * positions.length);
  for (let i = 0; i < steps.count; i++) {
    for (const [k, j] of positions.entries()) out[i * positions.length + k] = steps.data[i * steps.size + j];
  }
  return Samples.from(out, [positions.length], { what: "targets" });
}
