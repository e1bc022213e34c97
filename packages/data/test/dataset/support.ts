import { Dataset } from "../../src/dataset.ts";
import type { DatasetOptions } from "../../src/dataset-options.ts";

/** Five samples of shape [2, 2], numbered so that sample i is [4i, 4i+1, 4i+2, 4i+3], of class i mod 3. */
export function five(more: Partial<DatasetOptions> = {}): Dataset {
  const inputs = Uint8Array.from({ length: 20 }, (_, i) => i);
  const targets = Uint8Array.of(0, 1, 2, 0, 1);
  return new Dataset({ inputs, inputShape: [2, 2], targets, classes: 3, ...more });
}
