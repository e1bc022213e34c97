// Convolutions as products of patches: the sums of packages/nn/src/ops/convolution.ts, in the same order each.

import { blocks } from "./gemm-blocks";
import { inputsEach, outputsEach, positionBytes, takeConvolution, terms } from "./groups";
import * as op from "./instructions.generated";
import { Patches, PatchesTransposed, takePatches } from "./patches";
import { shareStart } from "./share";
import { images, positions, takeChannels } from "./window";

/** CONVOLVE: out = patches·y, group by group. The threads share the positions. */
export function convolve(instruction: usize, thread: i32, threads: i32): void {
  const groups = takeConvolution(instruction);
  const first = shareStart(images * positions, thread, threads);
  const count = shareStart(images * positions, thread + 1, threads) - first;
  if (count == 0) return;
  let out = load<usize>(instruction, op.WINDOW_OUT) + <usize>first * positionBytes;
  let weight = load<usize>(instruction, op.WINDOW_Y);
  takePatches(load<usize>(instruction, op.WINDOW_X), first, 0);
  for (let group = 0; group < groups; group++) {
    takeChannels(group * inputsEach, inputsEach);
    blocks<Patches>(out, positionBytes, count, outputsEach, terms, weight, positionBytes, 8);
    out += (<usize>outputsEach) << 3;
    weight += (<usize>outputsEach) << 3;
  }
}

/** CONVOLVE_WEIGHT: out = patchesᵀ·y, group by group. The threads share the rows (ky, kx, c), or the columns if these are more. */
export function convolveWeight(instruction: usize, thread: i32, threads: i32): void {
  const groups = takeConvolution(instruction);
  const byRow = terms > outputsEach;
  const all = byRow ? terms : outputsEach;
  const first = shareStart(all, thread, threads);
  const count = shareStart(all, thread + 1, threads) - first;
  if (count == 0) return;
  const rows = byRow ? count : terms;
  const columns = byRow ? outputsEach : count;
  const skipped = byRow ? 0 : (<usize>first) << 3;
  let out = load<usize>(instruction, op.WINDOW_OUT) + (byRow ? <usize>first * positionBytes : skipped);
  let y = load<usize>(instruction, op.WINDOW_Y) + skipped;
  takePatches(load<usize>(instruction, op.WINDOW_X), 0, byRow ? first : 0);
  for (let group = 0; group < groups; group++) {
    takeChannels(group * inputsEach, inputsEach);
    blocks<PatchesTransposed>(out, positionBytes, rows, columns, images * positions, y, positionBytes, 8);
    out += (<usize>outputsEach) << 3;
    y += (<usize>outputsEach) << 3;
  }
}
