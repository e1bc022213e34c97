/** docs/self-normalizing.md: its tables and pictures are written from the results, never by hand. */
import * as page from "../../shared/page.ts";
import { asMarkdown } from "../../shared/table.ts";
import type { Experiment } from "./experiments.ts";
import { figureNames } from "./figures.ts";
import type { Run } from "./run.ts";
import { resultTable } from "./tables.ts";

/** The text with the parts between `<!-- results: id -->` and `<!-- end -->` replaced by the results of the runs. */
export function fillIn(text: string, experiments: readonly Experiment[], runs: readonly Run[]): string {
  return page.fillIn(text, (id) => {
    const experiment = experiments.find((one) => one.id === id);
    if (experiment === undefined) {
      throw new Error(`docs/self-normalizing.md asks for results of ${id}, which is no experiment`);
    }
    return results(experiment, runs);
  });
}

function results(experiment: Experiment, runs: readonly Run[]): string {
  const { id, title } = experiment;
  if (!runs.some((run) => run.experiment === id))
    return `Not run yet: \`pnpm self-normalizing --docs --only ${id}\`.`;
  const pictures = figureNames(experiment).map((name) => `![${title}](figures/self-normalizing-${name}.svg)`);
  return [asMarkdown(resultTable(experiment, runs)), ...pictures].join("\n\n");
}
