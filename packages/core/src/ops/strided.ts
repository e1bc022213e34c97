import type { Walk } from "../kernel.ts";
import type { OpSpec } from "../op.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { copyStrided } from "./loops.ts";

/** The loop and the kernel of an op whose result is its input in another order, or a part of it: by one step for each axis. */
export function strided<P>(
  walk: (x: Shape, out: Shape, params: Required<P>) => Walk,
): Pick<OpSpec<[x: Tensor], P>, "forward" | "kernel"> {
  return {
    forward: ([x], out, outShape, params) => {
      const [start, steps] = walk(x.shape, outShape, params);
      copyStrided(x.data, start, steps, out, outShape);
    },
    kernel: { layout: "strided", walks: (...of) => [walk(...of)] },
  };
}
