import { broadcastTo, type Op, reshape, type Tensor } from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import { checkImages, pairOf, positivePair } from "./images.ts";
import type { Pair } from "./window.ts";

/** Params of {@link upsample}. */
export interface UpsampleParams {
  /** How often each pixel is repeated, ≥ 1: a number for both axes or a pair [height, width]. */
  readonly factor: number | Pair;
}

/**
 * Makes images larger by repeating each pixel (nearest neighbour).  Shapes: x [n, h, w, c] → [n, h·factor, w·factor, c].
 * The gradient of a pixel is the sum over its repeats, row by row.
 *
 * @throws ShapeError if x has other axes; ArgumentError for a factor that is no whole number ≥ 1.
 * @example upsample(tensor([[[[1], [2]]]]), { factor: 2 }).shape; // [1, 2, 4, 1]
 */
export const upsample: Op<[x: Tensor], UpsampleParams> = deriveOp<[x: Tensor], UpsampleParams>({
  name: "upsample",
  formula: "out[n,y,x,c] = x[n,⌊y/factor⌋,⌊x/factor⌋,c]",
  arity: 1,
  compute: ([x], { factor }) => {
    checkImages(x.shape, "x");
    const [n, h, w, c] = x.shape;
    const [down, across] = pairOf(factor);
    const apart = reshape(x, { shape: [n, h, 1, w, 1, c] });
    const repeated = broadcastTo(apart, { shape: [n, h, down, w, across, c] });
    return reshape(repeated, { shape: [n, h * down, w * across, c] });
  },
  ranges: { factor: positivePair },
  required: ["factor"],
});
