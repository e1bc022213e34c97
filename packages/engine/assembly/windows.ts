// The exports of a module of its own, which comes with the ops of packages/nn that move a kernel over images. It has no data: each
// instance in the shared memory would write them again.

import { convolve, convolveWeight } from "./convolve";
import { convolveBack } from "./convolve-back";
import { depthwise, isDepthwise } from "./depthwise";
import * as op from "./instructions.generated";
import { addPixels, averagesBack, pickPixels, pool } from "./pool";
import { useScratch } from "./scratch";

/** Does the share of thread number `thread` of `threads` in one instruction, with the scratch memory of this thread. */
export function execute(instruction: usize, thread: i32, threads: i32, scratch: usize): void {
  useScratch(scratch);
  const opcode = load<i32>(instruction);
  if (opcode <= op.CONVOLVE_WEIGHT && isDepthwise(instruction)) depthwise(instruction, thread, threads);
  else if (opcode == op.CONVOLVE) convolve(instruction, thread, threads);
  else if (opcode == op.CONVOLVE_BACK) convolveBack(instruction, thread, threads);
  else if (opcode == op.CONVOLVE_WEIGHT) convolveWeight(instruction, thread, threads);
  else if (opcode == op.PICK_PIXELS) pickPixels(instruction, thread, threads);
  else if (opcode == op.ADD_PIXELS) addPixels(instruction, thread, threads);
  else if (opcode == op.AVERAGES_BACK) averagesBack(instruction, thread, threads);
  else pool(instruction, thread, threads);
}
