// A kernel that moves over images: `Window` of packages/nn/src/ops/window.ts, as the words of an instruction give it.

import * as op from "./instructions.generated";

// Globals belong to one instance, so to one thread.
export let images: i32 = 0;
/** Bytes of a pixel, a row and an image. */
export let pixelBytes: usize = 0;
export let rowBytes: usize = 0;
export let imageBytes: usize = 0;
/** Positions of the kernel on an image. */
export let positions: i32 = 0;
export let height: i32 = 0;
export let width: i32 = 0;
export let kernelHeight: i32 = 0;
export let kernelWidth: i32 = 0;
let outHeight: i32 = 0;
let outWidth: i32 = 0;
let strideY: i32 = 0;
let strideX: i32 = 0;
export let dilationY: i32 = 0;
export let dilationX: i32 = 0;
let beforeY: i32 = 0;
let beforeX: i32 = 0;

export function takeWindow(instruction: usize): void {
  images = load<i32>(instruction, op.WINDOW_IMAGES);
  height = load<i32>(instruction, op.WINDOW_HEIGHT);
  width = load<i32>(instruction, op.WINDOW_WIDTH);
  pixelBytes = load<usize>(instruction, op.WINDOW_CHANNELS) << 3;
  rowBytes = pixelBytes * <usize>width;
  imageBytes = rowBytes * <usize>height;
  kernelHeight = load<i32>(instruction, op.WINDOW_KERNEL_HEIGHT);
  kernelWidth = load<i32>(instruction, op.WINDOW_KERNEL_WIDTH);
  outHeight = load<i32>(instruction, op.WINDOW_OUT_HEIGHT);
  outWidth = load<i32>(instruction, op.WINDOW_OUT_WIDTH);
  positions = outHeight * outWidth;
  strideY = load<i32>(instruction, op.WINDOW_STRIDE_Y);
  strideX = load<i32>(instruction, op.WINDOW_STRIDE_X);
  dilationY = load<i32>(instruction, op.WINDOW_DILATION_Y);
  dilationX = load<i32>(instruction, op.WINDOW_DILATION_X);
  beforeY = load<i32>(instruction, op.WINDOW_BEFORE_Y);
  beforeX = load<i32>(instruction, op.WINDOW_BEFORE_X);
}

// The elements (ky, kx, c) of a patch, for the channels of `takeChannels`, are cut into runs that lie side by side in the
// image: a row of the kernel where all channels are taken and dilation is 1, else the channels of one kernel element.

/** Elements of a run. */
export let run: i32 = 0;
/** Channels that are taken, and the bytes of a pixel before them. */
let taken: i32 = 0;
let skipped: usize = 0;
let isRow: bool = false;

export function takeChannels(first: i32, count: i32): void {
  skipped = (<usize>first) << 3;
  taken = count;
  isRow = dilationX == 1 && (<usize>count) << 3 == pixelBytes;
  run = isRow ? count * kernelWidth : count;
  lineBytes = <usize>dilationY * rowBytes;
  stepBytes = <usize>dilationX * pixelBytes;
  lastTop = height - (kernelHeight - 1) * dilationY - 1;
  lastLeft = width - (kernelWidth - 1) * dilationX - 1;
}

let image: i32 = 0;
let oy: i32 = 0;
let ox: i32 = 0;

/** The last row and column that the kernel may begin at to lie in the image; negative if it is too large. */
let lastTop: i32 = 0;
let lastLeft: i32 = 0;
/** Bytes from one row of the kernel to the next, and from one column. */
let lineBytes: usize = 0;
let stepBytes: usize = 0;

/** Moves the kernel to a position, counted row by row through all images. */
export function moveTo(position: i32): void {
  image = position / positions;
  const rest = position - image * positions;
  oy = rest / outWidth;
  ox = rest - oy * outWidth;
}

@inline export function moveOn(): void {
  if (++ox < outWidth) return;
  ox = 0;
  if (++oy < outHeight) return;
  oy = 0;
  image++;
}

export function moveBack(): void {
  if (--ox >= 0) return;
  ox = outWidth - 1;
  if (--oy >= 0) return;
  oy = outHeight - 1;
  image--;
}

/** The pixel that element (0, 0) of the kernel lies on, which may be outside the image. */
export let top: i32 = 0;
export let left: i32 = 0;
export let cornerAt: usize = 0;

/** Finds the corner of the kernel at its position, on images at `x`. */
@inline export function findCorner(x: usize): void {
  top = oy * strideY - beforeY;
  left = ox * strideX - beforeX;
  cornerAt = x + <usize>image * imageBytes + <usize>top * rowBytes + <usize>left * pixelBytes + skipped;
}

/** Whether all of the kernel lies in the image. */
@inline export function isWhole(): bool {
  return top >= 0 && top <= lastTop && left >= 0 && left <= lastLeft;
}

/** Bytes from the corner of a patch to the beginning of run number r. */
@inline export function runOffset(r: i32): usize {
  if (isRow) return <usize>r * lineBytes;
  const ky = r / kernelWidth;
  return <usize>ky * lineBytes + <usize>(r - ky * kernelWidth) * stepBytes;
}

/** The elements of the run that `findRun` found which lie in the image. */
export let inside: i32 = 0;
export let outside: i32 = 0;

/** Finds run number r of the patch whose corner was found. */
export function findRun(r: i32): void {
  const ky = isRow ? r : r / kernelWidth;
  const iy = top + ky * dilationY;
  inside = 0;
  outside = 0;
  if (<u32>iy >= <u32>height) return;
  if (isRow) {
    inside = max(0, -left) * taken;
    outside = min(kernelWidth, width - left) * taken;
  } else if (<u32>(left + (r - ky * kernelWidth) * dilationX) < <u32>width) outside = run;
}
