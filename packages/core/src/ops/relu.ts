import { defineOp, elementwise, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { greater } from "./greater.ts";
import { map } from "./loops.ts";
import { where } from "./where.ts";

/**
 * Rectified linear unit, out = max(x, 0).  Shapes: any.  The gradient at 0 is 0, as in PyTorch.
 *
 * @example relu(tensor([-1, 2])); // [0, 2]
 */
export const relu: Op<[x: Tensor]> = defineOp<[x: Tensor]>({
  name: "relu",
  formula: "out = max(x, 0)",
  source: "Nair & Hinton 2010, Rectified Linear Units Improve Restricted Boltzmann Machines",
  shape: ([x]) => x,
  forward: map((x) => Math.max(x, 0)),
  kernel: elementwise("relu"),
  vjp: [(g, { inputs: [x] }) => where(greater(x, 0), g, 0)],
});
