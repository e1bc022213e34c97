import { ShapeError } from "../errors.ts";
import { defineOp, type Op } from "../op.ts";
import { formatShape, type Shape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** Params of {@link reshape}. */
export interface ReshapeParams {
  /** The new shape; one size may be -1 and is then worked out. */
  readonly shape: Shape;
}

/**
 * The same numbers in the same order under another shape.  Shapes: any → `shape`, of equal size.
 *
 * @throws ShapeError if the sizes differ, or -1 appears twice or cannot be worked out.
 * @example reshape(tensor([1, 2, 3, 4]), { shape: [2, -1] }); // [[1, 2], [3, 4]]
 */
export const reshape: Op<[x: Tensor], ReshapeParams> = defineOp<[x: Tensor], ReshapeParams>({
  name: "reshape",
  formula: "out = x under another shape",
  shape: ([x], { shape }) => inferShape(x, shape),
  forward: ([x], out) => out.set(x.data),
  kernel: { layout: "sameNumbers" },
  vjp: [(g, { shapes: [x] }) => reshape(g, { shape: x })],
  ranges: { shape: "numbers" },
  required: ["shape"],
});

function inferShape(from: Shape, to: Shape): Shape {
  const bad = to.findIndex((size) => !Number.isSafeInteger(size) || size < -1);
  if (bad >= 0)
    throw new ShapeError(`size ${show(to[bad])} at axis ${bad} is neither a whole number ≥ 0 nor -1`);
  const unknown = to.indexOf(-1);
  if (unknown >= 0 && to.lastIndexOf(-1) !== unknown) throw new ShapeError("only one size can be -1");
  const size = sizeOf(from);
  const others = Math.abs(sizeOf(to));
  if (unknown >= 0 && others === 0)
    throw new ShapeError(`-1 could be any size in ${formatShape(to)}: another size is 0`);
  const out = unknown < 0 ? to : to.with(unknown, Math.floor(size / others));
  if (sizeOf(out) !== size) throw new ShapeError(`${size} elements do not fit shape ${formatShape(to)}`);
  return out;
}
