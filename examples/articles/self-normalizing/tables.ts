/** The results as tables, for the terminal and for the text. */
import type { Table } from "../../shared/table.ts";
import type { Arm, Experiment } from "./experiments.ts";
import type { Run } from "./run.ts";

/** The runs of one arm of an experiment. */
export function runsOf(runs: readonly Run[], { id }: Experiment, { name }: Arm): readonly Run[] {
  return runs.filter(({ experiment, arm }) => experiment === id && arm === name);
}

/** The compared accuracy after an epoch, counted from 1, in per cent; NaN for a run that ended earlier. */
export function accuracyAt(run: Run, epoch: number, compare: Experiment["compare"]): number {
  const log = run.epochs[epoch - 1];
  return 100 * ((compare === "test" ? log?.testAccuracy : log?.heldOutAccuracy) ?? Number.NaN);
}

/** The epochs that a table of an experiment shows. */
export function epochsShown({ arms }: Experiment): readonly number[] {
  const last = Math.max(...arms.map(({ settings }) => settings.epochs));
  return [1, 2, 3, 5, 10, 15, 20, 50].filter((epoch) => epoch <= last);
}

/** One row per arm: accuracies by epoch, the last test accuracy and loss; mean ± deviation if there are several seeds. */
export function resultTable(experiment: Experiment, runs: readonly Run[]): Table {
  const shown = epochsShown(experiment);
  const heading = ["arm", "seeds", ...shown.map((epoch) => `epoch ${epoch}`), "test", "test loss"];
  const rows = experiment.arms.flatMap((arm) => {
    const of = runsOf(runs, experiment, arm);
    if (of.length === 0) return [];
    const last = of.map(({ epochs }) => epochs.at(-1));
    const row = [
      arm.name,
      String(of.length),
      ...shown.map((epoch) =>
        spread(
          of.map((run) => accuracyAt(run, epoch, experiment.compare)),
          2,
        ),
      ),
      spread(
        last.map((log) => 100 * (log?.testAccuracy ?? Number.NaN)),
        2,
      ),
      spread(
        last.map((log) => log?.testLoss ?? Number.NaN),
        4,
      ),
    ];
    if (arm.published === undefined) return [row];
    const published = shown.map((epoch) => arm.published?.[epoch]?.toFixed(2) ?? "");
    return [row, ["  published", "", ...published, "", ""]];
  });
  return [heading, ...rows];
}

/** The mean, and for several numbers ± their standard deviation (n − 1). */
export function spread(values: readonly number[], digits: number): string {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return "–";
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return mean.toFixed(digits);
  const squares = known.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (known.length - 1)).toFixed(digits)}`;
}
