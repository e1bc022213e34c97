import { type Range, ranges, reshape, type Shape, ShapeError, type Tensor } from "@gradus/core";
import type { Padding, Pair, Steps } from "./window.ts";

/** {@link Padding} of an image, which may differ for height and width. */
export type Padding2d = Padding | Pair;

/** How a kernel moves over an image. */
export interface Steps2d {
  readonly stride: number | Pair;
  readonly dilation: number | Pair;
  readonly padding: Padding2d;
}

/** A number or word for both axes as a pair. */
export function pairOf<T extends Padding>(value: T | readonly [T, T]): readonly [T, T] {
  return typeof value === "object" ? value : [value, value];
}

/** The steps of both axes. */
export function stepsOf({ stride, dilation, padding }: Steps2d): [vertical: Steps, horizontal: Steps] {
  const along = (axis: 0 | 1): Steps => ({
    stride: pairOf(stride)[axis],
    dilation: pairOf(dilation)[axis],
    padding: pairOf<Padding>(padding)[axis],
  });
  return [along(0), along(1)];
}

/**
 * Throws unless x has the axes of images.
 *
 * @param name the name of x in messages.
 */
export function checkImages(x: Shape, name: string): void {
  if (x.length === 4) return;
  const hint =
    x.length === 3
      ? `; unsqueeze({ axis: 0 }) makes one image a batch, unsqueeze({ axis: 3 }) adds channels`
      : "";
  throw new ShapeError(`${name} must be images [n, height, width, channels]${hint}`);
}

/** The way out for images and sequences of other frameworks, as the end of a message about `name`. */
export function channelsFirst(x: Shape, name: string): string {
  const [axes, first, last] =
    x.length === 4
      ? ["0, 2, 3, 1", "[n, c, h, w]", "[n, h, w, c]"]
      : ["0, 2, 1", "[n, c, time]", "[n, time, c]"];
  return `; channels are the last axis here: permute(${name}, { axes: [${axes}] }) turns ${first} into ${last}`;
}

/** {@link channelsFirst} if images look as if they had their channels first, in axis 1; else nothing. */
export function layoutHint(x: Shape, name: string): string {
  return (x[1] === 1 || x[1] === 3) && x[3] > 4 ? channelsFirst(x, name) : "";
}

/** Throws unless x has the axes of sequences. */
export function checkSequences(x: Shape, name: string): void {
  if (x.length === 3) return;
  const hint = x.length === 2 ? `; for sequences of single numbers use ${name}.unsqueeze({ axis: 2 })` : "";
  throw new ShapeError(`${name} must be sequences [n, time, channels]${hint}`);
}

/** Sequences as images of height 1, and images of height 1 as sequences. */
export function asImages(x: Tensor): Tensor {
  const [n, time, channels] = x.shape;
  return reshape(x, { shape: [n, 1, time, channels] });
}

export function asSequences(x: Tensor): Tensor {
  const [n, , time, channels] = x.shape;
  return reshape(x, { shape: [n, time, channels] });
}

/** The steps of a kernel of height 1 on an image of height 1. */
export const STILL: Steps = { stride: 1, dilation: 1, padding: 0 };

/** The axes of sequences in messages. */
export const TIME: readonly [string, string] = ["height", "time"];

/** A number for both axes, or a pair [height, width]. */
function pairRange(one: Range, text: string): Range {
  return {
    says: `must be ${text} or a pair [height, width] of them`,
    admits: (x) =>
      one.admits(x) || (ranges.isListOf(x, one.admits) && (x as readonly unknown[]).length === 2),
  };
}

/** Strides, dilations and kernel sizes of images. */
export const positivePair: Range = /* @__PURE__ */ pairRange(ranges.positiveCount, "a whole number ≥ 1");
/** Paddings of images in numbers. */
export const countPair: Range = /* @__PURE__ */ pairRange(ranges.count, "a whole number ≥ 0");

function orWord(range: Range): Range {
  return {
    says: `${range.says}, or "same" or "valid"`,
    admits: (x) => x === "same" || x === "valid" || range.admits(x),
  };
}

/** {@link Padding2d}. */
export const paddingPair: Range = /* @__PURE__ */ orWord(countPair);
/** {@link Padding}. */
export const paddingNumber: Range = /* @__PURE__ */ orWord(ranges.count);
