/**
 * Draws and measures activation functions, alone and in nets: `pnpm activations [options]`, `--help`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { sentenceFor } from "../../shared/failure.ts";
import { writableFile, writableFolder } from "../../shared/options.ts";
import { tooShortToJudge } from "../../shared/quick.ts";
import { asText } from "../../shared/table.ts";
import { costTable, measureCost } from "./cost.ts";
import { asJson, fillIn } from "./docs.ts";
import { run } from "./run.ts";

interface Options {
  readonly quick?: boolean;
  readonly figures?: string;
  readonly json?: string;
  readonly docs?: boolean;
  readonly cost?: boolean;
}

const inRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const TEXT = inRepository("docs/activations.md");

async function main(): Promise<void> {
  const command = new Command("activations")
    .description("Draws and measures activation functions, alone and in nets that learn MNIST.")
    .option("--quick", "train on fewer images, and do not change the documentation's figures")
    .option(
      "--figures <folder>",
      "where to write the figures (default: docs/figures; with --quick: out/figures)",
      writableFolder,
    )
    .option("--json <file>", "write all numbers to a file", writableFile)
    .option("--docs", "bring the tables of docs/activations.md up to date")
    .option("--cost", "only measure the time that SELU takes, against ReLU")
    .parse();
  const { quick = false, json, docs = false, cost = false, ...options } = command.opts<Options>();
  if (quick && docs) command.error("error: --docs needs the whole run: leave out --quick");
  if (cost) {
    if (json || docs || options.figures) {
      command.error("error: --cost measures times only: leave out --json, --docs and --figures");
    }
    console.log(asText(costTable(measureCost(quick ? 5 : 40))));
    if (quick) console.log(tooShortToJudge("docs/activations.md"));
    return;
  }
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort(new Error("interrupted")));
  try {
    const figures = options.figures ?? writableFolder(inRepository(quick ? "out/figures" : "docs/figures"));
    if (docs) writableFile(TEXT);
    const results = await run({
      ...(quick ? { limit: { train: 10_000, test: 10_000 }, epochs: 1 } : { epochs: 2 }),
      early: 50,
      figures,
      signal: interrupt.signal,
    });
    if (json) writeFileSync(json, asJson(results));
    if (quick) console.log(tooShortToJudge("docs/activations.md"));
    if (docs) writeFileSync(TEXT, fillIn(readFileSync(TEXT, "utf8"), results));
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.error("\nInterrupted: figures may be missing, and no numbers were saved.");
      process.exitCode = 130;
    } else if (error instanceof InvalidArgumentError) {
      command.error(`error: ${error.message}`);
    } else {
      const sentence = sentenceFor(error);
      if (sentence === undefined) throw error;
      console.error(`\n${sentence}`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
