// The adjoint of a convolution in the image: the sums of `convolveBack` in packages/nn/src/ops/convolution.ts.

import { blockSize, MOST_DEPTH, tiles } from "./gemm-blocks";
import { pack } from "./gemm-pack";
import { inputsEach, outputsEach, positionBytes, takeConvolution } from "./groups";
import * as op from "./instructions.generated";
import { endChannel, endImage, firstChannel, firstImage, takePixels } from "./pixels";
import { LEFT_BLOCK, leftBlock, progress, RIGHT_BLOCK, rightBlock } from "./scratch";
import {
  cornerAt,
  findCorner,
  findRun,
  inside,
  isWhole,
  kernelHeight,
  kernelWidth,
  moveBack,
  moveTo,
  outside,
  positions,
  run,
  runOffset,
  takeChannels,
} from "./window";

/** Elements of the block of products: it lies behind the packed block of the weight, which is no larger. */
const PRODUCTS = RIGHT_BLOCK / 2;
/** Rows that a block of products has at least. */
const LEAST_ROWS = 32;

/**
 * CONVOLVE_BACK: block by block, products[position, (ky, kx, c)] = x·yᵀ, each row of which is added to the pixels of its
 * position. The pixel is position·stride + (ky, kx)·dilation − before: what meets it in increasing (ky, kx) meets it in
 * decreasing (oy, ox). So the positions are done backwards, and each pixel gets its terms in order.
 *
 * The threads share the images, or the channels of images if there are fewer images than threads.
 */
export function convolveBack(instruction: usize, thread: i32, threads: i32): void {
  const groups = takeConvolution(instruction);
  const out = load<usize>(instruction, op.WINDOW_OUT);
  const x = load<usize>(instruction, op.WINDOW_X);
  const y = load<usize>(instruction, op.WINDOW_Y);
  takePixels(out, thread, threads);
  for (let group = 0; group < groups; group++) {
    const start = max(firstChannel, group * inputsEach);
    const end = min(endChannel, (group + 1) * inputsEach);
    if (start >= end) continue;
    takeChannels(start, end - start);
    const before = (<usize>group * outputsEach) << 3;
    // Rows (ky, kx, c) of the weight are neighbours where all channels of the group are taken.
    const weight = y + before + <usize>(start - group * inputsEach) * positionBytes;
    addProducts(out, x + before, firstImage * positions, endImage * positions, weight, end - start);
  }
}

/** Adds the positions from `first` to `end`, backwards, for `count` channels of each kernel element. */
function addProducts(out: usize, x: usize, first: i32, end: i32, weight: usize, count: i32): void {
  const all = kernelHeight * kernelWidth * count;
  const depths = blockSize(outputsEach, MOST_DEPTH);
  const columns = blockSize(all, min(PRODUCTS / depths, PRODUCTS / LEAST_ROWS));
  const rows = min(LEFT_BLOCK / depths, PRODUCTS / columns) & ~3;
  const products = rightBlock() + (PRODUCTS << 3);
  const row = (<usize>columns) << 3;
  for (let j = 0; j < all; j += columns) {
    const width = min(columns, all - j);
    for (let stop = end; stop > first; stop -= rows) {
      const start = max(first, stop - rows);
      for (let p = 0; p < outputsEach; p += depths) {
        const depth = min(depths, outputsEach - p);
        if (stop == end || depths < outputsEach) packWeight(weight + ((<usize>p) << 3), j, width, depth, count);
        pack(x + <usize>start * positionBytes + ((<usize>p) << 3), positionBytes, 8, stop - start, depth, leftBlock());
        tiles(products, row, stop - start, width, depth, p > 0);
      }
      moveTo(stop - 1);
      for (let i = stop - start - 1; i >= 0; i--, moveBack()) addPatch(out, products + <usize>i * row, j, width);
      progress();
    }
  }
}

/** Packs the rows j … j + width − 1 of the weight: those of `count` channels of each kernel element. */
function packWeight(weight: usize, j: i32, width: i32, depth: i32, count: i32): void {
  if (count == inputsEach) {
    pack(weight + <usize>j * positionBytes, positionBytes, 8, width, depth, rightBlock());
    return;
  }
  let element = j / count;
  let c = j - element * count;
  const panel = (<usize>depth) << 5;
  for (let column = 0; column < ((width + 3) & ~3); column++) {
    let to = rightBlock() + (<usize>column >> 2) * panel + ((<usize>column & 3) << 3);
    let from = weight + <usize>(element * inputsEach + c) * positionBytes;
    for (const end = to + panel; to < end; to += 32, from += 8) store<f64>(to, column < width ? load<f64>(from) : 0);
    if (++c == count) {
      c = 0;
      element++;
    }
  }
}

/** Adds `count` numbers to the elements of a patch from number `start` on; those outside the image are left out. */
function addPatch(out: usize, numbers: usize, start: i32, count: i32): void {
  findCorner(out);
  let r = start / run;
  let from = start - r * run;
  const whole = isWhole();
  for (let done = 0; done < count; r++, from = 0) {
    const end = min(run, from + count - done);
    let first = from;
    let length = end - from;
    if (!whole) {
      findRun(r);
      first = max(inside, from);
      length = min(outside, end) - first;
    }
    if (length > 0) addNumbers(cornerAt + runOffset(r) + ((<usize>first) << 3), numbers + (<usize>(done + first - from) << 3), length);
    done += end - from;
  }
}

@inline function addNumbers(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>(count & ~1) << 3);
  for (; to < end; to += 16, from += 16) v128.store(to, f64x2.add(v128.load(to), v128.load(from)));
  if (count & 1) store<f64>(to, load<f64>(to) + load<f64>(from));
}
