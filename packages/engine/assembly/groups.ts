// The channels of a convolution, which may be split into groups.

import * as op from "./instructions.generated";
import { kernelHeight, kernelWidth, takeWindow } from "./window";

// Globals belong to one instance, so to one thread.
export let inputsEach: i32 = 0;
export let outputsEach: i32 = 0;
/** Elements (ky, kx, c) of a patch, for the channels of one group. */
export let terms: i32 = 0;
/** Bytes from one position, or row of the weight, to the next. */
export let positionBytes: usize = 0;

/** Reads the words of a convolution; returns the number of groups. */
export function takeConvolution(instruction: usize): i32 {
  takeWindow(instruction);
  const groups = load<i32>(instruction, op.WINDOW_GROUPS);
  const outputs = load<i32>(instruction, op.WINDOW_OUTPUTS);
  inputsEach = load<i32>(instruction, op.WINDOW_CHANNELS) / groups;
  outputsEach = outputs / groups;
  terms = kernelHeight * kernelWidth * inputsEach;
  positionBytes = (<usize>outputs) << 3;
  return groups;
}
