import {
  ArgumentError,
  formatShape,
  ShapeError,
  sameShape,
  show,
  Tensor,
  type UpdateSpec,
  update,
} from "@gradus/core";
import { checkFinite, checkUnit } from "./checks.ts";

/** Params of {@link runningAverage}. */
export interface RunningAverageParams {
  /** The average so far, of the shape of x; it is overwritten. */
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
 * Moves a running average on, in place: into ← (1 − momentum)·into + momentum·factor·x. An update, so that a compiled
 * step moves it on too. Shapes: x and `into` alike.
 *
 * @throws ShapeError if the shapes differ, ArgumentError for a momentum outside [0, 1] or a factor that is not finite.
 * @example runningAverage(tensor([1]), { into: runningMean, momentum: 0.1 });
 */
export function runningAverage(x: Tensor, { into, momentum, factor = 1 }: RunningAverageParams): void {
  if (!(into instanceof Tensor))
    throw new ArgumentError(`runningAverage: into must be a tensor, got ${show(into)}`);
  if (!sameShape(x.shape, into.shape)) {
    throw new ShapeError(
      `runningAverage: the average has shape ${formatShape(into.shape)}, the new value ${formatShape(x.shape)}`,
    );
  }
  checkUnit("runningAverage: momentum", momentum);
  checkFinite("runningAverage: factor", factor);
  update(moveOn, [x], [into], { momentum, factor });
}
