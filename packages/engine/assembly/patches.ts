// Patches of images as the left side of a product, packed straight from the images.

import { interleaveFour } from "./gemm-pack";
import { leftBlock } from "./scratch";
import { cornerAt, findCorner, findRun, inside, isWhole, moveBack, moveOn, moveTo, outside, run, runOffset } from "./window";

/** Where the images are, and the first position and the first element of a patch that are taken. */
let images: usize = 0;
let firstPosition: i32 = 0;
let firstElement: i32 = 0;
/** The run that a block begins in, and the elements of it that lie before the block. */
let firstRun: i32 = 0;
let firstOfRun: i32 = 0;

export function takePatches(x: usize, position: i32, element: i32): void {
  images = x;
  firstPosition = position;
  firstElement = element;
}

function start(element: i32, position: i32): void {
  firstRun = (firstElement + element) / run;
  firstOfRun = firstElement + element - firstRun * run;
  moveTo(firstPosition + position);
}

/** A row for each position, and a step for each element (ky, kx, c). */
@unmanaged export class Patches {
  @inline pack(i: i32, p: i32, height: i32, depth: i32): void {
    const panel = (<usize>depth) << 5;
    let to = leftBlock();
    start(p, i);
    for (; height > 0; height -= 4, to += panel) packFour(to, min(4, height), depth);
  }
}

/** A row for each element (ky, kx, c), and a step for each position. */
@unmanaged export class PatchesTransposed {
  @inline pack(i: i32, p: i32, height: i32, depth: i32): void {
    const panel = (<usize>depth) << 5;
    start(i, p);
    for (let step = 0, to = leftBlock(); step < depth; step++, to += 32) {
      findCorner(images);
      gather<Across>(height, to, panel);
      for (let row = height; row & 3; row++) store<f64>(changetype<Across>(0).at(to, row, panel), 0);
      moveOn();
    }
  }
}

/** A panel of the next `count` patches; those that are missing are 0. */
function packFour(to: usize, count: i32, depth: i32): void {
  if (count == 4 && packWhole(to, depth)) return;
  for (let lane = 0; lane < 4; lane++, to += 8) {
    if (lane < count) {
      findCorner(images);
      gather<Down>(depth, to, 0);
      moveOn();
    } else {
      for (let p = 0, at = to; p < depth; p++, at += 32) store<f64>(at, 0);
    }
  }
}

/** A panel of the next four patches, side by side, if all of them lie in the image as a whole. */
function packWhole(to: usize, depth: i32): bool {
  let at0: usize = 0;
  let at1: usize = 0;
  let at2: usize = 0;
  let at3: usize = 0;
  let whole = true;
  for (let lane = 0; lane < 4; lane++, moveOn()) {
    findCorner(images);
    whole = whole && isWhole();
    at0 = at1;
    at1 = at2;
    at2 = at3;
    at3 = cornerAt;
  }
  if (!whole) {
    for (let lane = 0; lane < 4; lane++) moveBack();
    return false;
  }
  for (let done = 0, r = firstRun, from = firstOfRun; done < depth; r++, from = 0) {
    const length = min(run - from, depth - done);
    const offset = runOffset(r) + ((<usize>from) << 3);
    interleaveFour(at0 + offset, at1 + offset, at2 + offset, at3 + offset, length, to);
    to += (<usize>length) << 5;
    done += length;
  }
  return true;
}

/** Copies `count` elements of the patch whose corner was found; elements outside the image are 0. */
@inline function gather<To>(count: i32, to: usize, panel: usize): void {
  const whole = isWhole();
  for (let done = 0, r = firstRun, from = firstOfRun; done < count; r++, from = 0) {
    const end = min(run, from + count - done);
    let at = cornerAt + runOffset(r);
    let first = from;
    let last = end;
    if (!whole) {
      findRun(r);
      first = min(max(inside, from), end);
      last = max(min(outside, end), first);
      for (; from < first; from++, done++) store<f64>(changetype<To>(0).at(to, done, panel), 0);
    }
    at += (<usize>from) << 3;
    // Two neighbours at a time, where the first has an even number: then both are in one panel.
    if (changetype<To>(0).inPairs && from < last && done & 1) {
      store<f64>(changetype<To>(0).at(to, done, panel), load<f64>(at));
      from++;
      done++;
      at += 8;
    }
    if (changetype<To>(0).inPairs) {
      for (; from < last - 1; from += 2, done += 2, at += 16) v128.store(changetype<To>(0).at(to, done, panel), v128.load(at));
    }
    for (; from < last; from++, done++, at += 8) store<f64>(changetype<To>(0).at(to, done, panel), load<f64>(at));
    for (; from < end; from++, done++) store<f64>(changetype<To>(0).at(to, done, panel), 0);
  }
}

// Where element number i of a patch goes, as types: `gather` is compiled once for each.
@unmanaged class Down {
  @inline get inPairs(): bool { return false; }
  @inline at(to: usize, i: i32, panel: usize): usize { return to + ((<usize>i) << 5); }
}
@unmanaged class Across {
  @inline get inPairs(): bool { return true; }
  @inline at(to: usize, i: i32, panel: usize): usize {
    return to + (<usize>i >> 2) * panel + ((<usize>i & 3) << 3);
  }
}
