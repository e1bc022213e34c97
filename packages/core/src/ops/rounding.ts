import { defineOp, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { map } from "./loops.ts";

/** The largest whole number ≤ x.  Shapes: any.  Piecewise constant: no gradient flows through it.  @example floor(tensor([1.5, -1.5])); // [1, -2] */
export const floor: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "floor",
  formula: "out = ⌊x⌋",
  shape: ([x]) => x,
  forward: map(Math.floor),
  vjp: [null],
});

/** The smallest whole number ≥ x.  Shapes: any.  Piecewise constant: no gradient flows through it.  @example ceil(tensor([1.5, -1.5])); // [2, -1] */
export const ceil: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "ceil",
  formula: "out = ⌈x⌉",
  shape: ([x]) => x,
  forward: map(Math.ceil),
  vjp: [null],
});

/** The nearest whole number, of two the even one, as PyTorch and NumPy have it (Math.round goes up).  Shapes: any.  Piecewise constant: no gradient
 * flows through it.  @example round(tensor([0.5, 1.5, 2.4])); // [0, 2, 2] */
export const round: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "round",
  formula: "out = the nearest whole number, ties to even",
  shape: ([x]) => x,
  forward: map(roundHalfEven),
  vjp: [null],
});

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  const even = 2 * Math.floor((below + 1) / 2);
  return even === 0 && x < 0 ? -0 : even;
}
