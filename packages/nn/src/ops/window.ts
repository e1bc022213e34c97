import { ArgumentError, ShapeError } from "@gradus/core";

/** A number for each axis of an image: [height, width]. */
export type Pair = readonly [vertical: number, horizontal: number];

/**
 * Zeros around an image: the number on both sides of an axis; "valid": none; "same": as many as give ⌈size/stride⌉
 * positions, max((⌈size/stride⌉ − 1)·stride + dilation·(kernel − 1) + 1 − size, 0) in all, the odd one at the end, as in
 * Keras.
 */
export type Padding = number | "same" | "valid";

/**
 * A kernel that moves over an image, in numbers: element [ky, kx] of the kernel at position [oy, ox] lies on the pixel
 * [oy·stride + ky·dilation − before], height and width each with their own numbers. Outside the image a pixel reads 0.
 */
export interface Window {
  /** Height and width of the image. */
  readonly image: Pair;
  readonly kernel: Pair;
  /** Number of positions of the kernel. */
  readonly out: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Zeros above and to the left of the image. */
  readonly before: Pair;
}

/** The names of the numbers of a window, for declarations of ops that take one as params. */
export const WINDOW: readonly (keyof Window)[] = ["image", "kernel", "out", "stride", "dilation", "before"];

/** How a kernel moves along one axis. */
export interface Steps {
  readonly stride: number;
  readonly dilation: number;
  readonly padding: Padding;
}

/** The names of the axes of an image in messages. */
export const AXES: readonly [string, string] = ["height", "width"];

/**
 * The window of a kernel on an image.
 *
 * @param words the names of both axes in messages.
 * @param hint the way out if the kernel is too large, as the end of the message.
 * @throws ShapeError if the kernel is empty or larger than the padded image.
 */
export function windowOf(
  image: Pair,
  kernel: Pair,
  steps: readonly [Steps, Steps],
  words: readonly [string, string] = AXES,
  hint = "",
): Window {
  const [vertical, horizontal] = ([0, 1] as const).map((axis) =>
    positions(image[axis], kernel[axis], steps[axis], words[axis], hint),
  );
  return windowWith(image, kernel, steps, [vertical, horizontal]);
}

/**
 * The window whose positions are `out`: of the image whose convolution has this size.
 *
 * @param extra rows below and columns to the right of the image that no position covers.
 * @param words the names of both axes in messages.
 * @throws ShapeError if the kernel is empty or the padding leaves nothing of the image; ArgumentError unless `extra` is
 *   smaller than the stride.
 */
export function windowOnto(
  out: Pair,
  kernel: Pair,
  steps: readonly [Steps, Steps],
  extra: Pair,
  words: readonly [string, string] = AXES,
): Window {
  const [vertical, horizontal] = ([0, 1] as const).map((axis) =>
    imageSize(out[axis], kernel[axis], steps[axis], extra[axis], words[axis]),
  );
  const image: Pair = [vertical, horizontal];
  return windowWith(
    image,
    kernel,
    steps,
    ([0, 1] as const).map((axis) => ({
      count: out[axis],
      before: positions(image[axis], kernel[axis], steps[axis], words[axis]).before,
    })),
  );
}

interface Positions {
  readonly count: number;
  readonly before: number;
}

function windowWith(
  image: Pair,
  kernel: Pair,
  [vertical, horizontal]: readonly [Steps, Steps],
  [first, second]: readonly Positions[],
): Window {
  return {
    image,
    kernel,
    out: [first.count, second.count],
    stride: [vertical.stride, horizontal.stride],
    dilation: [vertical.dilation, horizontal.dilation],
    before: [first.before, second.before],
  };
}

/** Number of pixels from the first to the last that a kernel lies on. */
function spanOf(kernel: number, dilation: number, word: string): number {
  if (kernel < 1) throw new ShapeError(`the kernel has size 0 along the ${word}`);
  return dilation * (kernel - 1) + 1;
}

function positions(
  size: number,
  kernel: number,
  { stride, dilation, padding }: Steps,
  word: string,
  hint = "",
): Positions {
  const span = spanOf(kernel, dilation, word);
  if (padding === "same") {
    const count = Math.ceil(size / stride);
    return { count, before: Math.floor(Math.max((count - 1) * stride + span - size, 0) / 2) };
  }
  const before = padding === "valid" ? 0 : padding;
  const room = size + 2 * before - span;
  if (room < 0) {
    throw new ShapeError(
      `the kernel spans ${span} along the ${word}, the padded image ${size + 2 * before}${hint}`,
    );
  }
  return { count: Math.floor(room / stride) + 1, before };
}

function imageSize(
  count: number,
  kernel: number,
  { stride, dilation, padding }: Steps,
  extra: number,
  word: string,
): number {
  const span = spanOf(kernel, dilation, word);
  if (extra >= stride) {
    throw new ArgumentError(`outputPadding must be less than the stride, got ${extra} and ${stride}`);
  }
  if (padding === "same") {
    if (extra === 0) return count * stride;
    throw new ArgumentError(
      'outputPadding goes with a padding in numbers; padding "same" makes images of size·stride',
    );
  }
  const size = (count - 1) * stride + span + extra - 2 * (padding === "valid" ? 0 : padding);
  if (size >= 1) return size;
  throw new ShapeError(`the padding leaves nothing of the image along the ${word}: size ${size}`);
}
