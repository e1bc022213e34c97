import type { Callback } from "@gradus/train";
import { barOnError } from "../../shared/progress.ts";

/** A callback that draws a progress bar over the steps of a training. */
export function progressOn(name: string): readonly Callback[] {
  let bar: ReturnType<typeof barOnError> | undefined;
  let steps = 0;
  return [
    {
      onTrainBegin: ({ epochs, batches }) => {
        steps = epochs * batches;
        bar = barOnError(`${name} `);
      },
      onBatchEnd: ({ step }) => bar?.progress(step, steps, ""),
      onTrainEnd: () => bar?.stop(), // however training ended
    },
  ];
}
