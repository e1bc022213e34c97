import type { Callback } from "@gradus/train";
import { Presets, SingleBar } from "cli-progress";

/** A bar over the steps of a training, on standard error, and nothing at all where that is no terminal. */
export function progressOn(name: string): readonly Callback[] {
  if (process.stderr.isTTY !== true) return [];
  const format = `${name} {bar} {percentage} %`;
  const bar = new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  return [
    {
      onTrainBegin: ({ epochs, batches }) => bar.start(epochs * batches, 0),
      onBatchEnd: ({ step }) => bar.update(step),
      onTrainEnd: () => bar.stop(), // gives the cursor back, also when interrupted
    },
  ];
}
