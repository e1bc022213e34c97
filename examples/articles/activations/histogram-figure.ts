import { toSvg } from "../../shared/chart.ts";
import { percent } from "../../shared/table.ts";
import { BARS, type Contest, type Histogram } from "./histograms.ts";

/** Higher bars are cut off: with ReLU's bar of zeros in full height the other bars would be too small. */
const HIGHEST = 1;

/** Small multiples of one moment in training: a column for each function, a row for each layer. */
export function histogramsFigure(contests: readonly Contest[], snapshot: number): Promise<string> {
  const { step } = contests[0].snapshots[snapshot];
  const values = contests.flatMap(({ name, snapshots }) =>
    snapshots[snapshot].layers.flatMap((histogram, i) =>
      [...outline(histogram), { label: labelOf(histogram) }].map((record) => ({
        ...record,
        net: name,
        layer: `layer ${i + 1}`,
      })),
    ),
  );
  const title = step === 0 ? "Activations before training" : `Activations after ${step} steps`;
  return toSvg(
    {
      title,
      data: { values },
      facet: {
        row: { field: "layer", type: "nominal", title: null },
        column: { field: "net", type: "nominal", sort: contests.map(({ name }) => name), title: null },
      },
      spacing: 14,
      spec: {
        width: 210,
        height: 100,
        layer: [
          {
            transform: [{ filter: "isValid(datum.density)" }],
            mark: { type: "area", interpolate: "step-after", clip: true },
            encoding: {
              x: { field: "value", type: "quantitative", title: "activation" },
              y: {
                field: "density",
                type: "quantitative",
                title: "density",
                scale: { domain: [0, HIGHEST] },
                axis: { values: [0, HIGHEST / 2, HIGHEST] },
              },
            },
          },
          {
            transform: [{ filter: "isValid(datum.label)" }],
            mark: { type: "text", align: "right", baseline: "top", lineBreak: "\n", x: 208, y: 2 },
            encoding: { text: { field: "label" } },
          },
        ],
      },
    },
    `${title}: histograms for ${contests.map(({ name }) => name).join(", ")} by layer`,
  );
}

/** The steps of a histogram; neighbouring bars of equal height are one step. */
function outline({ counts, size }: Histogram): { value: number; density: number }[] {
  const steps = [...counts, 0].map((count, i) => ({
    value: BARS.low + i / BARS.perUnit,
    density: (count / size) * BARS.perUnit,
  }));
  const last = steps.length - 1;
  return steps.filter(({ density }, i) => i === 0 || i === last || density !== steps[i - 1].density);
}

function labelOf({ mean, variance, zeros, size }: Histogram): string {
  const moments = `mean ${mean.toFixed(2)}\nvariance ${variance.toFixed(2)}`;
  return zeros > 0 ? `${moments}\n${percent(zeros / size, 0)} are 0` : moments;
}
