import { type KernelModule, type OpKernel, type Shape, sizeOf } from "@gradus/core";
import type { Window } from "./window.ts";
import { bytes, digits } from "./window-kernels.generated.ts";
import { opcodes, windowWords } from "./window-words.generated.ts";

const module: KernelModule = { digits, bytes };

/** The shapes that an op with a window has to do with. */
export interface WindowShapes {
  /** [n, h, w, c] */
  readonly image: Shape;
  /** [n, oh, ow, o] */
  readonly positions: Shape;
  /** [kh, kw, c/groups, o], if there is one. */
  readonly weight?: Shape;
}

/**
 * The instruction of an op that moves a kernel over images. Nothing is in a tensor without elements, so the loop does that.
 *
 * @param shapesOf which of the inputs and the result is which.
 */
export function windowKernel<
  P extends Window & { readonly groups?: number; readonly countIncludePad?: boolean },
>(name: keyof typeof opcodes, shapesOf: (inputs: readonly Shape[], out: Shape) => WindowShapes): OpKernel<P> {
  return {
    layout: "module",
    module,
    instruction(inputs, result, params) {
      const { image, positions, weight } = shapesOf(inputs, result);
      const { kernel, out, stride, dilation, before, groups = 1, countIncludePad } = params;
      const [n, , , channels] = image;
      const [, , , outputs] = positions;
      const shapes = [
        [n, ...params.image, channels],
        [n, ...out, outputs],
      ];
      if (weight) shapes.push([...kernel, channels / groups, outputs]);
      const given = [image, positions, ...(weight ? [weight] : [])];
      if (`${given}` !== `${shapes}` || given.some((shape) => sizeOf(shape) === 0)) return null;
      return {
        opcode: opcodes[name],
        words: [
          ...(inputs.length === 1 ? [0] : []),
          ...windowWords(
            n,
            ...params.image,
            channels,
            outputs,
            groups,
            ...kernel,
            ...out,
            ...stride,
            ...dilation,
            ...before,
            Number(!!countIncludePad),
          ),
        ],
        work: n * sizeOf(out) * sizeOf(kernel) * channels * (weight ? outputs / groups : 1),
      };
    },
  };
}
