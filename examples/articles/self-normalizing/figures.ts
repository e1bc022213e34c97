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
  const short = Math.max(...experiment.arms.map(({ settings }) => settings.epochs)) <= 3;
  const draw = experiment.id === "depth" ? accuracyByDepth : short ? accuracyStrips : accuracyCurves;
  const figures = new Map([[name, await draw(experiment, runs)]]);
  if (variances !== undefined) figures.set(variances, await variancesByLayer(experiment, runs));
  return figures;
}

/** One line for each arm: accuracy by epoch, with a point for every seed, and the published points. */
export function accuracyCurves(experiment: Experiment, runs: readonly Run[]): Promise<string> {
  const published = experiment.arms.flatMap(({ name, published = {} }) =>
    Object.entries(published).map(([at, accuracy]) => ({ epoch: Number(at), accuracy, arm: name })),
  );
  const epoch: Axis = { field: "epoch", type: "quantitative", axis: { tickMinStep: 1 }, title: "epoch" };
  const values = byEpoch(experiment, runs);
  return accuracies(titleOf(experiment), values, { x: epoch, color: "arm", size: 24, published });
}

/** One strip for each arm, with a row for each epoch and a point for each seed: no line hides another. */
export function accuracyStrips(experiment: Experiment, runs: readonly Run[]): Promise<string> {
  const title = titleOf(experiment);
  const epoch = {
    field: "epoch",
    type: "nominal",
    title: "after epoch",
    legend: { ...LEGEND, columns: 3 },
  } as const;
  return toSvg(
    {
      title: { text: title, subtitle: "one point for each seed" },
      width: 440,
      height: { step: 18 },
      data: { values: byEpoch(experiment, runs) },
      mark: { type: "point", filled: true, size: 60, opacity: 0.6 },
      encoding: {
        x: { field: "accuracy", type: "quantitative", title: "accuracy, %", scale: { domain: [0, 100] } },
        y: { field: "arm", type: "nominal", sort: null, title: null, axis: { labelLimit: 0, grid: true } },
        yOffset: { field: "epoch", type: "nominal" },
        color: epoch,
        shape: epoch,
      },
    },
    title,
  );
}

const titleOf = ({ title, compare }: Experiment): string =>
  `${title}: ${compare === "test" ? "test accuracy" : "accuracy on images held out"}`;

const byEpoch = (experiment: Experiment, runs: readonly Run[]) =>
  points(experiment, runs, (run) =>
    run.epochs.map((_, i) => ({
      epoch: i + 1,
      seed: run.seed,
      accuracy: accuracyAt(run, i + 1, experiment.compare),
    })),
  );

/** The lower end of the axis of variances. Smaller ones are measured too, but would leave no room for the others. */
const LEAST = 1e-20;

/**
 * Side by side: the variance after each hidden layer, before and after training, on a logarithmic scale. A line with smaller
 * variances than the axis shows leaves the picture; a variance of 0 has no point.
 */
export function variancesByLayer(experiment: Experiment, runs: readonly Run[]): Promise<string> {
  const values = points(experiment, runs, ({ variances }) =>
    (["start", "end"] as const).flatMap((when) =>
      variances[when].map((variance, i) => ({
        layer: i + 1,
        variance: variance > 0 ? variance : null,
        when: when === "start" ? "before training" : "after training",
      })),
    ),
  );
  // Up to the next power of ten.
  const most = 10 ** Math.ceil(Math.log10(Math.max(...values.map(({ variance }) => variance ?? 0))));
  const title = `${experiment.title}: variance of the activations by layer`;
  return toSvg(
    {
      title: {
        text: title,
        subtitle: "median of the seeds; a line that leaves the picture at the bottom goes on below 10⁻²⁰",
      },
      data: { values },
      facet: {
        column: { field: "when", type: "nominal", sort: ["before training", "after training"], title: null },
      },
      spec: {
        width: 300,
        height: 320,
        mark: { type: "line", clip: true },
        encoding: {
          x: { field: "layer", type: "quantitative", title: "hidden layer" },
          y: {
            field: "variance",
            aggregate: "median",
            type: "quantitative",
            scale: { type: "log", domain: [LEAST, most] },
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
      seed: run.seed,
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

interface Accuracy {
  readonly accuracy: number;
}

interface Measured extends Accuracy {
  readonly seed: number;
}

/** A line through the mean of the seeds, a point for each of them, and a hollow diamond for each published number. */
function accuracies(
  title: string,
  values: readonly Measured[],
  {
    x,
    color,
    size,
    published = [],
  }: {
    readonly x: Axis;
    readonly color: string;
    readonly size: number;
    readonly published?: readonly Accuracy[];
  },
): Promise<string> {
  const marks = values.some(({ seed }) => seed > 1) ? "line: mean of the seeds; dots: seeds" : "one seed";
  return toSvg(
    {
      title: { text: title, subtitle: published.length > 0 ? `${marks}; hollow diamonds: published` : marks },
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
        {
          data: { values: [...published] },
          mark: { type: "point", shape: "diamond", filled: false, size: 90, strokeWidth: 2 },
        },
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
