// How the pixels of images, which get terms of several positions, are shared by the threads.

import { shareStart } from "./share";
import { imageBytes, images, pixelBytes } from "./window";

// Globals belong to one instance, so to one thread.
export let firstImage: i32 = 0;
export let endImage: i32 = 0;
export let firstChannel: i32 = 0;
export let endChannel: i32 = 0;

/** Takes a share of the images at `out`, or of the channels if there are fewer images than threads, and sets it to 0. */
export function takePixels(out: usize, thread: i32, threads: i32): void {
  const channels = <i32>(pixelBytes >> 3);
  firstImage = 0;
  endImage = images;
  firstChannel = 0;
  endChannel = channels;
  if (images >= threads) {
    firstImage = <i32>(<i64>images * thread / threads);
    endImage = <i32>(<i64>images * (thread + 1) / threads);
  } else {
    firstChannel = shareStart(channels, thread, threads);
    endChannel = shareStart(channels, thread + 1, threads);
  }
  const bytes = (<usize>(endChannel - firstChannel)) << 3;
  const end = out + <usize>endImage * imageBytes;
  let at = out + <usize>firstImage * imageBytes;
  if (bytes == pixelBytes) memory.fill(at, 0, end - at);
  else for (at += (<usize>firstChannel) << 3; at < end; at += pixelBytes) memory.fill(at, 0, bytes);
}
