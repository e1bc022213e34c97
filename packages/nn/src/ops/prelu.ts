import {
  defineOp,
  greater,
  mul,
  type Op,
  reshape,
  ShapeError,
  sizeOf,
  sum,
  type Tensor,
  where,
} from "@gradus/core";

/**
 * Parametric ReLU: out = x where x > 0, else slope·x, with a learned slope. The gradient at 0 is that of the left branch,
 * as in PyTorch.  Shapes: x [N, C, ...], slope [C]; or x of any shape, slope [1].
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
    if (slope[0] !== 1 && (x.length < 2 || x[1] !== slope[0])) {
      const channels = x.length < 2 ? "has no channel axis" : `has ${x[1]} channels`;
      throw new ShapeError(`there are ${slope[0]} slopes, but the input ${channels}`);
    }
    return x;
  },
  forward: ([x, slope], out) => {
    const channels = slope.size;
    const run = channels === 1 ? out.length : sizeOf(x.shape.slice(2));
    for (let start = 0, block = 0; start < out.length; start += run, block++) {
      const a = slope.data[block % channels];
      for (let i = start; i < start + run; i++) out[i] = x.data[i] > 0 ? x.data[i] : a * x.data[i];
    }
  },
  vjp: [
    (g, { inputs: [x, slope] }) => mul(g, where(greater(x, 0), 1, alongChannels(slope, x.rank))),
    (g, { inputs: [x], shapes: [, slope] }) => {
      const right = greater(x, 0);
      // Both factors are selected, because 0·Infinity would be NaN.
      const gradient = mul(where(right, 0, g), where(right, 0, x));
      return slope[0] === 1
        ? reshape(sum(gradient), { shape: slope })
        : sum(gradient, { axes: x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])) });
    },
  ],
});

/** Slopes [C] as [C, 1, …], which broadcasts against [N, C, …]; a single slope broadcasts as it is. */
function alongChannels(slope: Tensor, rank: number): Tensor {
  if (slope.size === 1) return reshape(slope, { shape: [] });
  return reshape(slope, { shape: [slope.size, ...new Array<number>(rank - 2).fill(1)] });
}
