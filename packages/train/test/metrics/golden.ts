import { readFileSync } from "node:fs";
import { type Tensor, tensor } from "@gradus/core";
import type { EpochMetric, MetricTable } from "../../src/index.ts";

type Fractions<T> = Readonly<Record<"precision" | "recall" | "f1", T>>;
type Named = { readonly name: string };

/** Values of scikit-learn, by fixtures/generate.py. */
export const golden: {
  readonly classes: readonly (Named & {
    readonly classes: number;
    readonly targets: number[];
    readonly outputs: number[][];
    readonly confusion: number[][];
    readonly perClass: Fractions<number[]>;
    readonly macro: Fractions<number>;
    readonly micro: Fractions<number>;
    readonly binary?: Fractions<number>;
  })[];
  readonly topK: readonly {
    readonly k: number;
    readonly targets: number[];
    readonly outputs: number[][];
    readonly accuracy: number;
  }[];
  readonly auc: readonly (Named & {
    readonly targets: number[];
    readonly scores: number[];
    readonly auc: number;
  })[];
  readonly regression: readonly (Named &
    Readonly<Record<"targets" | "outputs", number[][]>> &
    Readonly<Record<"mae" | "rmse" | "maxError" | "r2", number>>)[];
} = JSON.parse(readFileSync(new URL("../fixtures/metrics.json", import.meta.url), "utf8"));

/** The value of a metric over rows, in batches of `size`; with a checkpoint before each batch if `resumed`. */
export function measured<V extends number | MetricTable>(
  metric: EpochMetric<V>,
  outputs: readonly (number | readonly number[])[],
  targets: readonly (number | readonly number[])[],
  size: number = outputs.length,
  resumed: boolean = false,
): V {
  let measurement = metric.start();
  for (let i = 0; i < outputs.length; i += size) {
    if (resumed) {
      const state = structuredClone(measurement.state());
      measurement = metric.start();
      measurement.restore(state);
    }
    const rows = (all: readonly unknown[]): Tensor => tensor(all.slice(i, i + size) as never);
    measurement.add(rows(outputs), rows(targets));
  }
  return measurement.value();
}
