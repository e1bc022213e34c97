// Pools: the results of packages/nn/src/ops/pooling.ts, two channels at a time.

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
  imageBytes,
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
  takeWindow,
  top,
  width,
} from "./window";

function takeImages(instruction: usize): void {
  takeWindow(instruction);
  takeChannels(0, <i32>(pixelBytes >> 3));
}

/** MAX_POOL_INDICES and AVERAGES. The threads share the positions. */
export function pool(instruction: usize, thread: i32, threads: i32): void {
  takeImages(instruction);
  const x = load<usize>(instruction, op.WINDOW_X);
  const averages = load<i32>(instruction) == op.AVERAGES;
  const countAll = load<i32>(instruction, op.WINDOW_COUNT_ALL) != 0;
  const end = shareStart(images * positions, thread + 1, threads);
  let position = shareStart(images * positions, thread, threads);
  let out = load<usize>(instruction, op.WINDOW_OUT) + <usize>position * pixelBytes;
  moveTo(position);
  for (; position < end; position++, out += pixelBytes, moveOn()) {
    findCorner(x);
    if (averages) average(out, countAll);
    else largest(out, x);
    progress();
  }
}

/** The indices, from `x` on, of the first largest pixels of one position. */
function largest(out: usize, x: usize): void {
  for (let c: usize = 0; c < pixelBytes; c += 16) {
    const single = c + 8 == pixelBytes;
    let best = f64x2.splat(-Infinity);
    let index = f64x2.splat(-1);
    for (let ky = 0, iy = top; ky < kernelHeight; ky++, iy += dilationY) {
      if (<u32>iy >= <u32>height) continue;
      let at = cornerAt + <usize>(iy - top) * rowBytes + c;
      for (let kx = 0, ix = left; kx < kernelWidth; kx++, ix += dilationX, at += <usize>dilationX * pixelBytes) {
        if (<u32>ix >= <u32>width) continue;
        const value = loadPair(at, single);
        const better = v128.or(
          v128.or(f64x2.lt(index, f64x2.splat(0)), f64x2.gt(value, best)),
          v128.and(f64x2.ne(value, value), f64x2.eq(best, best)),
        );
        const number = f64x2.splat(<f64>((at - x) >> 3));
        best = v128.bitselect(value, best, better);
        index = v128.bitselect(f64x2.add(number, f64x2(0, 1)), index, better);
      }
    }
    storePair(out + c, index, single);
  }
}

function average(out: usize, countAll: bool): void {
  const count = f64x2.splat(countOf(countAll));
  for (let c: usize = 0; c < pixelBytes; c += 16) {
    const single = c + 8 == pixelBytes;
    let sum = f64x2.splat(0);
    for (let ky = 0, iy = top; ky < kernelHeight; ky++, iy += dilationY) {
      if (<u32>iy >= <u32>height) continue;
      let at = cornerAt + <usize>(iy - top) * rowBytes + c;
      for (let kx = 0, ix = left; kx < kernelWidth; kx++, ix += dilationX, at += <usize>dilationX * pixelBytes) {
        if (<u32>ix < <u32>width) sum = f64x2.add(sum, loadPair(at, single));
      }
    }
    storePair(out + c, f64x2.div(sum, count), single);
  }
}

/** The number that the sum of one position is divided by. */
function countOf(countAll: bool): f64 {
  if (countAll) return <f64>(kernelHeight * kernelWidth);
  let rows = 0;
  let columns = 0;
  for (let ky = 0, iy = top; ky < kernelHeight; ky++, iy += dilationY) rows += i32(<u32>iy < <u32>height);
  for (let kx = 0, ix = left; kx < kernelWidth; kx++, ix += dilationX) columns += i32(<u32>ix < <u32>width);
  return <f64>(rows * columns);
}

/** AVERAGES_BACK: each position adds its part to its pixels; the positions are done backwards, as in CONVOLVE_BACK. */
export function averagesBack(instruction: usize, thread: i32, threads: i32): void {
  takeImages(instruction);
  const x = load<usize>(instruction, op.WINDOW_X);
  const out = load<usize>(instruction, op.WINDOW_OUT);
  const countAll = load<i32>(instruction, op.WINDOW_COUNT_ALL) != 0;
  takePixels(out, thread, threads);
  if (firstChannel == endChannel) return;
  const end = (<usize>endChannel) << 3;
  moveTo(endImage * positions - 1);
  for (let position = endImage * positions - 1; position >= firstImage * positions; position--, moveBack()) {
    findCorner(out);
    const from = x + <usize>position * pixelBytes;
    const count = f64x2.splat(countOf(countAll));
    for (let c = (<usize>firstChannel) << 3; c < end; c += 16) {
      const single = c + 8 == end;
      const part = f64x2.div(loadPair(from + c, single), count);
      for (let ky = 0, iy = top; ky < kernelHeight; ky++, iy += dilationY) {
        if (<u32>iy >= <u32>height) continue;
        let at = cornerAt + <usize>(iy - top) * rowBytes + c;
        for (let kx = 0, ix = left; kx < kernelWidth; kx++, ix += dilationX, at += <usize>dilationX * pixelBytes) {
          if (<u32>ix < <u32>width) storePair(at, f64x2.add(loadPair(at, single), part), single);
        }
      }
    }
    progress();
  }
}

/** PICK_PIXELS. The threads share the positions. An index outside the images gives NaN, as in an array. */
export function pickPixels(instruction: usize, thread: i32, threads: i32): void {
  takeImages(instruction);
  const x = load<usize>(instruction, op.WINDOW_X);
  const most = <f64>(<usize>images * imageBytes >> 3);
  const first = <usize>shareStart(images * positions, thread, threads) * pixelBytes;
  const end = <usize>shareStart(images * positions, thread + 1, threads) * pixelBytes;
  let index = load<usize>(instruction, op.WINDOW_Y) + first;
  let out = load<usize>(instruction, op.WINDOW_OUT) + first;
  for (const stop = out + (end - first); out < stop; out += 8, index += 8) {
    const i = load<f64>(index);
    store<f64>(out, i >= 0 && i < most ? load<f64>(x + (<usize>i << 3)) : NaN);
  }
}

/** ADD_PIXELS. The threads share the images, where the indices of each image are. */
export function addPixels(instruction: usize, thread: i32, threads: i32): void {
  takeImages(instruction);
  const out = load<usize>(instruction, op.WINDOW_OUT);
  takePixels(out, thread, threads);
  const x = load<usize>(instruction, op.WINDOW_X);
  const y = load<usize>(instruction, op.WINDOW_Y);
  const most = <f64>(<usize>images * imageBytes >> 3);
  const start = (<usize>firstChannel) << 3;
  const end = (<usize>endChannel) << 3;
  const last = <usize>(endImage * positions) * pixelBytes;
  for (let row = <usize>(firstImage * positions) * pixelBytes; row < last; row += pixelBytes) {
    for (let c = row + start; c < row + end; c += 8) {
      const i = load<f64>(y + c);
      if (!(i >= 0 && i < most)) continue;
      const at = out + (<usize>i << 3);
      store<f64>(at, load<f64>(at) + load<f64>(x + c));
    }
  }
}
