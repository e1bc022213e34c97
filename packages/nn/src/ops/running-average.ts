import {
  ArgumentError,
  defineOp,
  formatShape,
  type Op,
  ShapeError,
  sameShape,
  show,
  Tensor,
  tensor,
} from "@gradus/core";
import { checkFinite, checkUnit } from "../checks.ts";

/** Params of {@link runningAverage}. */
export interface RunningAverageParams {
  /** The average so far, of the shape of x; it is overwritten. */
  readonly into: Tensor;
  /** Weight of the new value, in [0, 1]. */
  readonly momentum: number;
  /** Factor of the new value. Default 1. */
  readonly factor?: number;
}

/**
 * Moves a running average on, in place: into ← (1 − momentum)·into + momentum·factor·x, and returns the new
 * average. An op, so that whoever runs the ops of a step again moves it on again. No gradient flows through
 * it. Shapes: x and `into` alike.
 *
 * @example runningAverage(tensor([1]), { into: runningMean, momentum: 0.1 });
 */
export const runningAverage: Op<[x: Tensor], RunningAverageParams> = defineOp<
  [x: Tensor],
  RunningAverageParams
>({
  name: "runningAverage",
  formula: "into ← out = (1 − momentum)·into + momentum·factor·x",
  shape: ([x], { into, momentum, factor }) => {
    if (!(into instanceof Tensor)) throw new ArgumentError(`into must be a tensor, got ${show(into)}`);
    if (!sameShape(x, into.shape))
      throw new ShapeError(
        `the average has shape ${formatShape(into.shape)}, the new value ${formatShape(x)}`,
      );
    checkUnit("momentum", momentum);
    checkFinite("factor", factor);
    return x;
  },
  forward: ([x], out, _, { into, momentum, factor }) => {
    for (let i = 0; i < out.length; i++) {
      out[i] = (1 - momentum) * into.data[i] + momentum * (factor * x.data[i]);
    }
    into.assign(out);
  },
  vjp: [null],
  defaults: { factor: 1 },
  required: ["into", "momentum"],
  samples: [0, 0.1, 0.5, 1].flatMap((momentum) =>
    [1, 1.5].map((factor) => ({
      inputs: [{ shape: [3] }],
      params: starting([1, 2, 3], { momentum, factor }),
    })),
  ),
  errors: [
    {
      inputs: [{ shape: [2] }],
      params: starting([1], { momentum: 0.1 }),
      message: /the average has shape \[1\]/,
    },
    {
      inputs: [{ shape: [1] }],
      params: starting([1], { momentum: 1.5 }),
      message: /momentum must be in \[0, 1\], got 1.5/,
    },
    {
      inputs: [{ shape: [1] }],
      params: starting([1], { momentum: Number.NaN }),
      message: /momentum .* got NaN/,
    },
    {
      inputs: [{ shape: [1] }],
      params: starting([1], { momentum: 0.1, factor: Number.POSITIVE_INFINITY }),
      message: /factor must be a finite number/,
    },
    {
      inputs: [{ shape: [1] }],
      params: { into: 1 as unknown as Tensor, momentum: 0.1 },
      message: /into must be a tensor, got 1/,
    },
  ],
});

/** Sample params whose `into` starts afresh whenever they are read. */
function starting<P extends object>(values: readonly number[], params: P): P & { readonly into: Tensor } {
  return Object.defineProperty({ ...params }, "into", {
    get: () => tensor(values),
    enumerable: true,
  }) as P & { readonly into: Tensor };
}
