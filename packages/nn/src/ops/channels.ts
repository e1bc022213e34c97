import { ArgumentError, type Shape, ShapeError } from "@gradus/core";
import { channelsFirst } from "./images.ts";

/**
 * Throws unless the last axis of x has the channels that a weight [..., c/groups, out] reads, and the groups divide `out`.
 *
 * @param layout the axes of the weight, for messages.
 */
export function checkConvolution(x: Shape, weight: Shape, groups: number, layout: string): void {
  const rank = x.length;
  if (weight.length !== rank) throw new ShapeError(`the weight must be ${layout}`);
  const [channels, inputs] = [x[rank - 1], weight[rank - 2] * groups];
  if (channels !== inputs) {
    throw new ShapeError(
      `x has ${channels} channels, but the weight${groups === 1 ? "" : ` in ${groups} groups`} is for ${inputs}` +
        hintFor(x, weight, groups),
    );
  }
  checkGroups(weight[rank - 1], groups, "output channels");
}

/** Throws unless the last axis of y has the channels that a weight [..., out/groups, in] reads, and the groups divide them. */
export function checkTransposed(y: Shape, weight: Shape, groups: number, layout: string): void {
  const rank = y.length;
  if (weight.length !== rank) throw new ShapeError(`the weight must be ${layout}`);
  const [channels, inputs] = [y[rank - 1], weight[rank - 1]];
  if (channels !== inputs) {
    const hint = y[1] === inputs ? channelsFirst(y, "y") : "";
    throw new ShapeError(`y has ${channels} channels, but the weight is for ${inputs}${hint}`);
  }
  checkGroups(inputs, groups, "channels of y");
}

/** The layout of another framework that was probably meant, as the end of a message. */
function hintFor(x: Shape, weight: Shape, groups: number): string {
  const rank = x.length;
  if (x[1] === weight[rank - 2] * groups) return channelsFirst(x, "x");
  // A weight [out, in, k] of PyTorch has its inputs where [k, in, out] has them, and is not recognized.
  if (rank !== 4 || weight[1] * groups !== x[3]) return "";
  return "; permute(weight, { axes: [2, 3, 1, 0] }) turns PyTorch's [out, in, kh, kw] into [kh, kw, in, out]";
}

/** @param who the layer, with `: ` behind; "" inside an op. */
export function checkGroups(channels: number, groups: number, what: string, who = ""): void {
  if (channels % groups === 0) return;
  throw new ArgumentError(`${who}groups must divide the number of ${what}, got ${groups} and ${channels}`);
}
