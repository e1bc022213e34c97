/**
 * Counts the linear regions of ReLU nets on a plane: `pnpm linear-regions [options]`, `pnpm linear-regions --help`.
 *
 * Draws docs/figures/linear-regions-*.svg. A quick run has other numbers and writes its figures to out/.
 */
import { writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { sentenceFor } from "../../shared/failure.ts";
import { writableFile, writableFolder } from "../../shared/options.ts";
import { barOnError } from "../../shared/progress.ts";
import { tooShortToJudge } from "../../shared/quick.ts";
import { figures } from "./figures.ts";
import { FULL, measure, QUICK } from "./measure.ts";
import { tables } from "./tables.ts";

interface Options {
  readonly quick?: boolean;
  readonly json?: string;
}

/** The folders for the figures of the documentation and of a quick run. */
const folder = (quick: boolean): string =>
  quick ? resolve("out") : fileURLToPath(new URL("../../../docs/figures/", import.meta.url));

async function run({ quick = false, json }: Options): Promise<void> {
  const target = writableFolder(folder(quick));
  const bar = barOnError("");
  const { results, lessons } = await measure(quick ? QUICK : FULL, bar.progress).finally(bar.stop);
  console.log(tables(results).join("\n\n\n"));
  for (const [name, svg] of Object.entries(await figures(results, lessons))) {
    writeFileSync(join(target, name), svg);
  }
  if (quick) console.log(tooShortToJudge("docs/linear-regions.md"));
  console.log(`\nWrote ${join(relative(".", target), "linear-regions-*.svg")}`);
  if (json) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
}

async function main(): Promise<void> {
  const options = new Command("linear-regions")
    .description("Counts the linear regions of ReLU nets, beside the bounds, and draws them.")
    .option("--quick", "fewer nets and shorter trainings; figures go to out/")
    .option("--json <file>", "write all numbers to a file", writableFile)
    .parse()
    .opts<Options>();
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, () => process.exit(code));
  }
  try {
    await run(options);
  } catch (error) {
    const sentence = error instanceof InvalidArgumentError ? error.message : sentenceFor(error);
    if (sentence === undefined) throw error;
    console.error(`\n${sentence}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
