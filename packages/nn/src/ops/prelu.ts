import { greater, mul, type Op, reshape, ShapeError, sum, type Tensor, where } from "@gradus/core";
import { defineOp } from "@gradus/core/internal";
import { channelsFirst } from "./images.ts";

/**
 * Parametric ReLU: out = x where x > 0, else slope·x, with a learned slope. The gradient at 0 is that of the left branch,
 * as in PyTorch.  Shapes: x [N, ..., C], slope [C]; or x of any shape, slope [1].
 *
 * He et al. 2015, Delving Deep into Rectifiers, eq. 1; the gradients are its eqs. 2 and 3.
 *
 * @throws ShapeError unless there is one slope, or one for each channel.
 * @example prelu(tensor([[-2, 4]]), tensor([0.25])); // [[-0.5, 4]]
 */
export const prelu: Op<[x: Tensor, slope: Tensor]> = defineOp<[x: Tensor, slope: Tensor]>({
  name: "prelu",
  formula: "out = x where x > 0, else slope·x",
  source: "He et al. 2015, eq. 1",
  shape: ([x, slope]) => {
    if (slope.length !== 1) throw new ShapeError("slope must have one axis");
    if (slope[0] !== 1 && (x.length < 2 || x[x.length - 1] !== slope[0])) {
      const channels = x.length < 2 ? "has no channel axis" : `has ${x[x.length - 1]} channels`;
      const hint = x[1] === slope[0] ? channelsFirst(x, "x") : "";
      throw new ShapeError(`there are ${slope[0]} slopes, but the input ${channels}${hint}`);
    }
    return x;
  },
  forward: ([x, slope], out) => {
    const { data: slopes, size: channels } = slope;
    for (let i = 0; i < out.length; i++)
      out[i] = x.data[i] > 0 ? x.data[i] : slopes[i % channels] * x.data[i];
  },
  vjp: [
    (g, { inputs: [x, slope] }) => mul(g, where(greater(x, 0), 1, alongChannels(slope))),
    (g, { inputs: [x], shapes: [, slope] }) => {
      const right = greater(x, 0);
      // Both factors are selected, because 0·Infinity would be NaN.
      const gradient = mul(where(right, 0, g), where(right, 0, x));
      return slope[0] === 1
        ? reshape(sum(gradient), { shape: slope })
        : sum(gradient, { axes: [...x.shape.keys()].slice(0, -1) });
    },
  ],
});

/** Slopes [C] broadcast against [N, ..., C] as they are; a single one must not add an axis to a scalar. */
function alongChannels(slope: Tensor): Tensor {
  return slope.size === 1 ? reshape(slope, { shape: [] }) : slope;
}
