import { checks } from "../checks.ts";
import { ShapeError } from "../errors.ts";
import { defineOp, type Op } from "../op.ts";
import { formatShape, type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** Params of {@link reshape}. */
export interface ReshapeParams {
  /** The new shape; one size may be -1 and then follows from the others. */
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
  checks.reshape?.(to);
  const size = sizeOf(from);
  // With one size -1, the product of all is minus that of the others.
  const out = to.map((length) => (length === -1 ? Math.floor(-size / sizeOf(to)) : length));
  if (sizeOf(out) !== size) throw new ShapeError(`${size} elements do not fit shape ${formatShape(to)}`);
  return out;
}
