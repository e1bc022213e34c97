// Convolutions in which each channel is a group of its own: nothing to multiply as matrices, but channels lie side by side.

import { takeConvolution } from "./groups";
import * as op from "./instructions.generated";
import { endChannel, endImage, firstChannel, firstImage, takePixels } from "./pixels";
import { progress } from "./scratch";
import { loadPair, shareStart, storePair } from "./share";
import {
  cornerAt,
  dilationX,
  dilationY,
  findCorner,
  height,
  images,
  kernelHeight,
  kernelWidth,
  left,
  moveBack,
  moveOn,
  moveTo,
  pixelBytes,
  positions,
  rowBytes,
  takeChannels,
  top,
  width,
} from "./window";

/** Whether an instruction is such a convolution. */
export function isDepthwise(instruction: usize): bool {
  const groups = load<i32>(instruction, op.WINDOW_GROUPS);
  return groups > 1 && groups == load<i32>(instruction, op.WINDOW_CHANNELS) && groups == load<i32>(instruction, op.WINDOW_OUTPUTS);
}

/**
 * CONVOLVE, CONVOLVE_WEIGHT and CONVOLVE_BACK: each position adds its products to the result, in memory. The threads share the
 * positions, the channels, and what `takePixels` says; CONVOLVE_BACK takes the positions backwards (convolve-back.ts).
 */
export function depthwise(instruction: usize, thread: i32, threads: i32): void {
  const opcode = load<i32>(instruction);
  const back = opcode == op.CONVOLVE_BACK;
  takeChannels(0, takeConvolution(instruction));
  const out = load<usize>(instruction, op.WINDOW_OUT);
  const x = load<usize>(instruction, op.WINDOW_X);
  const y = load<usize>(instruction, op.WINDOW_Y);
  let first = 0;
  let end = images * positions;
  let from: usize = 0;
  let bytes = pixelBytes;
  if (opcode == op.CONVOLVE) {
    first = shareStart(images * positions, thread, threads);
    end = shareStart(images * positions, thread + 1, threads);
    memory.fill(out + <usize>first * pixelBytes, 0, <usize>(end - first) * pixelBytes);
  } else if (back) {
    takePixels(out, thread, threads);
    first = firstImage * positions;
    end = endImage * positions;
    from = (<usize>firstChannel) << 3;
    bytes = ((<usize>endChannel) << 3) - from;
  } else {
    const channels = <i32>(pixelBytes >> 3);
    from = (<usize>shareStart(channels, thread, threads)) << 3;
    bytes = ((<usize>shareStart(channels, thread + 1, threads)) << 3) - from;
    for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) memory.fill(out + <usize>tap * pixelBytes + from, 0, bytes);
  }
  moveTo(back ? end - 1 : first);
  for (let i = 0; i < end - first; i++) {
    const row = <usize>(back ? end - 1 - i : first + i) * pixelBytes + from;
    let tap = from;
    findCorner(back ? out : x);
    for (let ky = 0, iy = top; ky < kernelHeight; ky++, iy += dilationY) {
      const isInside = <u32>iy < <u32>height;
      let at = cornerAt + <usize>(iy - top) * rowBytes + from;
      for (let kx = 0, ix = left; kx < kernelWidth; kx++, ix += dilationX) {
        const inside = isInside && <u32>ix < <u32>width;
        if (opcode == op.CONVOLVE) addProducts(out + row, at, y + tap, bytes, inside);
        else if (!back) addProducts(out + tap, at, y + row, bytes, inside);
        else if (inside) addProducts(at, x + row, y + tap, bytes, true);
        tap += pixelBytes;
        at += <usize>dilationX * pixelBytes;
      }
    }
    if (back) moveBack();
    else moveOn();
    progress();
  }
}

/** to += a·b; a is 0 where it is not in the image. */
function addProducts(to: usize, a: usize, b: usize, bytes: usize, inside: bool): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const single = i + 8 == bytes;
    const x = inside ? loadPair(a + i, single) : f64x2.splat(0);
    storePair(to + i, f64x2.add(loadPair(to + i, single), f64x2.mul(x, loadPair(b + i, single))), single);
  }
}
