/** The figures of docs/self-normalizing.md, drawn from finished runs. */
import { toSvg } from "../../shared/chart.ts";
import type { Experiment } from "./experiments.ts";
import type { Run } from "./run.ts";
import { accuracyAt, runsOf } from "./tables.ts";

/** The names of the figures of an experiment. */
export function figureNames({ id }: Experiment): readonly string[] {
  return id.startsWith("fifty-layers") ? [id, `${id}-variances`] : [id];
}

/** The figures of an experiment by their names. */
export async function drawFigures(
  experiment: Experiment,
  runs: readonly Run[],
): Promise<Map<string, string>> {
  const [name, variances] = figureNames(experiment);
  const draw = experiment.id === "depth" ? accuracyByDepth : accuracyCurves;
  const figures = new Map([[name, await draw(experiment, runs)]]);
  if (variances !== undefined) figures.set(variances, await variancesByLayer(experiment, runs));
  return figures;
}

/** One line for each arm: accuracy by epoch, with a point for every seed. */
export function accuracyCurves(experiment: Experiment, runs: readonly Run[]): Promise<string> {
  const values = points(experiment, runs, (run) =>
    run.epochs.map((_, i) => ({ epoch: i + 1, accuracy: accuracyAt(run, i + 1, experiment.compare) })),
  );
  const title = `${experiment.title}: ${experiment.compare === "test" ? "test accuracy" : "accuracy on images held out"}`;
  const epoch: Axis = { field: "epoch", type: "quantitative", axis: { tickMinStep: 1 }, title: "epoch" };
  return accuracies(title, values, { x: epoch, color: "arm", size: 24 });
}

/** Side by side: the variance after each hidden layer, before and after training, on a logarithmic scale. */
export function variancesByLayer(experiment: Experiment, runs: readonly Run[]): Promise<string> {
  const values = points(experiment, runs, ({ variances }) =>
    (["start", "end"] as const).flatMap((when) =>
      variances[when].map((variance, i) => ({
        layer: i + 1,
        // A logarithmic axis has no 0; values below 10⁻²⁰ are drawn there.
        variance: Math.max(variance, 1e-20),
        when: when === "start" ? "before training" : "after training",
      })),
    ),
  );
  const title = `${experiment.title}: variance of the activations by layer`;
  return toSvg(
    {
      title,
      data: { values },
      facet: {
        column: { field: "when", type: "nominal", sort: ["before training", "after training"], title: null },
      },
      spec: {
        width: 300,
        height: 320,
        mark: { type: "line" },
        encoding: {
          x: { field: "layer", type: "quantitative", title: "hidden layer" },
          y: {
            field: "variance",
            aggregate: "median",
            type: "quantitative",
            scale: { type: "log" },
            axis: { format: ".0e", tickCount: 8 },
            title: "variance",
          },
          color: { field: "arm", type: "nominal", sort: null, title: null, legend: LEGEND },
        },
      },
    },
    title,
  );
}

/** Test accuracy after the last epoch by the number of layers, a line for each activation. */
export function accuracyByDepth(experiment: Experiment, runs: readonly Run[]): Promise<string> {
  const values = experiment.arms.flatMap((arm) =>
    runsOf(runs, experiment, arm).map((run) => ({
      layers: arm.settings.hidden.length,
      net: arm.name.replace(/^\d+ layers, /, ""),
      accuracy: accuracyAt(run, run.epochs.length, "test"),
    })),
  );
  const title = "Test accuracy after 5 epochs by depth";
  const layers: Axis = {
    field: "layers",
    type: "quantitative",
    scale: { type: "log", base: 2 },
    axis: { values: [2, 4, 8, 16, 32] },
    title: "hidden layers",
  };
  return accuracies(title, values, { x: layers, color: "net", size: 30 });
}

/** The horizontal axis of such a chart. */
interface Axis {
  readonly field: string;
  readonly type: "quantitative";
  readonly scale?: { readonly type: "log"; readonly base: number };
  readonly axis: { tickMinStep: number } | { values: number[] };
  readonly title: string;
}

/** A line through the mean of the seeds, and a point for each of them. */
function accuracies(
  title: string,
  values: readonly { readonly accuracy: number }[],
  { x, color, size }: { readonly x: Axis; readonly color: string; readonly size: number },
): Promise<string> {
  return toSvg(
    {
      title,
      width: 560,
      height: 320,
      data: { values: [...values] },
      encoding: {
        x,
        y: { field: "accuracy", type: "quantitative", title: "accuracy, %", scale: { zero: false } },
        color: { field: color, type: "nominal", sort: null, title: null, legend: LEGEND },
      },
      layer: [
        {
          mark: { type: "line" },
          encoding: { y: { field: "accuracy", aggregate: "mean", type: "quantitative" } },
        },
        { mark: { type: "point", filled: true, size } },
      ],
    },
    title,
  );
}

const LEGEND = { orient: "bottom", columns: 2, labelLimit: 320, symbolStrokeWidth: 3 } as const;

function points<T extends object>(
  experiment: Experiment,
  runs: readonly Run[],
  of: (run: Run) => T[],
): (T & { arm: string })[] {
  return experiment.arms.flatMap((arm) =>
    runsOf(runs, experiment, arm).flatMap((run) => of(run).map((point) => ({ ...point, arm: arm.name }))),
  );
}
