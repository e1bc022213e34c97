import {
  ArgumentError,
  formatShape,
  noMore,
  notTensor,
  ranges,
  resolveOptions,
  ShapeError,
  sameShape,
  Tensor,
  type UpdateSpec,
  update,
} from "@gradus/core";

/** Params of {@link runningAverage}. */
export interface RunningAverageParams {
  /** The average so far, of the shape of x. Is overwritten. */
  readonly into: Tensor;
  /** Weight of the new value, in [0, 1]. */
  readonly momentum: number;
  /** Factor of the new value. Default 1. */
  readonly factor?: number;
}

const moveOn: UpdateSpec<{ readonly momentum: number; readonly factor: number }> = {
  name: "runningAverage",
  run: ([x], [into], { momentum, factor }) => {
    for (let i = 0; i < into.length; i++) into[i] = (1 - momentum) * into[i] + momentum * (factor * x[i]);
  },
};

/**
 * Updates a running average in place: into ← (1 − momentum)·into + momentum·factor·x. An update, so that compiled steps
 * do it too. Shapes: x and `into` are equal.
 *
 * @throws ShapeError if the shapes differ; ArgumentError for a momentum outside [0, 1] or a factor that is not finite.
 * @example runningAverage(tensor([1]), { into: runningMean, momentum: 0.1 });
 */
export function runningAverage(
  x: Tensor,
  params: RunningAverageParams,
  ...extra: readonly undefined[]
): void {
  noMore("runningAverage", "x, params", extra);
  const { into, momentum, factor } = resolveOptions<Required<RunningAverageParams>>(
    "runningAverage",
    params,
    { factor: 1 },
    { into: ranges.instanceOf(Tensor, "must be a tensor"), momentum: ranges.unit, factor: ranges.finite },
  );
  if (!(x instanceof Tensor))
    throw new ArgumentError(`runningAverage: x must be a tensor, got ${notTensor(x)}`);
  if (!sameShape(x.shape, into.shape)) {
    throw new ShapeError(
      `runningAverage: the average has shape ${formatShape(into.shape)}, the new value ${formatShape(x.shape)}`,
    );
  }
  update(moveOn, [x], [into], { momentum, factor });
}
