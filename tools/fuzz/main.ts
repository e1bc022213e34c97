/**
 * Breaks good files in many ways and gives them to the readers: `pnpm fuzz [--runs N] [--seed S]`. Each reader must return
 * a value or throw a GradusError, within limits of time and memory. Exit code 1 if one does not; the command that repeats
 * this file is printed.
 */
import { fork } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { wholeNumber } from "../../examples/shared/options.ts";
import { barOnError } from "../../examples/shared/progress.ts";
import { printTable } from "../shared/print-table.ts";
import { inputOf, type Job, type News, NOTE, type Part, type Row } from "./job.ts";
import { readers } from "./readers.ts";

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly only?: string;
  readonly run?: number;
}

/** A reader hangs if it sends no message for this many milliseconds. */
const PATIENCE = 20_000;

const folder = fileURLToPath(new URL("../../out/fuzz", import.meta.url));

async function main(): Promise<void> {
  const command = new Command("fuzz")
    .description(
      "Breaks good files and lets the readers read them: a value or a GradusError, in time and memory.",
    )
    .option("--runs <n>", "number of files", wholeNumber(1), 100_000)
    .option("--seed <n>", "seed of the files", wholeNumber(0), 1)
    .option("--only <reader>", `one reader alone: ${readers.map(({ name }) => name).join(", ")}`)
    .option("--run <n>", "the file of this number alone; needs --only", wholeNumber(0))
    .parse();
  const { runs, seed, only, run } = command.opts<Options>();
  const chosen = readers.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) command.error(`error: there is no reader ${only}`);
  if (run !== undefined && only === undefined) command.error("error: --run needs --only");
  const parts = chosen.map(({ name }, i): Part => {
    if (run !== undefined) return { reader: name, from: run, to: run + 1 };
    return { reader: name, from: 0, to: Math.floor((runs + i) / chosen.length) };
  });
  mkdirSync(folder, { recursive: true });
  console.log(`${run === undefined ? `${runs} files` : `File ${run} for ${only}`}, seed ${seed}`);
  const { rows, faults, seconds } = await perform({ seed, folder, parts });
  console.log();
  printTable(table(rows));
  console.log();
  for (const { reader, run, fault } of faults) report(reader, run, seed, fault);
  console.log(
    `${faults.length === 0 ? "No fault" : `${faults.length} fault${faults.length === 1 ? "" : "s"}`} in ${seconds.toFixed(1)} s.`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}

interface Outcome {
  readonly rows: readonly Row[];
  readonly faults: readonly Fault[];
  readonly seconds: number;
}

interface Fault {
  readonly reader: string;
  readonly run: number;
  readonly fault: string;
}

/** Runs the job in a process of its own. If it hangs or dies, the current file is reported as a fault. */
function perform(job: Job): Promise<Outcome> {
  const start = performance.now();
  const note = join(job.folder, NOTE);
  rmSync(note, { force: true });
  const total = job.parts.reduce((sum, { from, to }) => sum + to - from, 0);
  const bar = barOnError("");
  const rows: Row[] = [];
  const faults: Fault[] = [];
  const child = fork(fileURLToPath(new URL("run.ts", import.meta.url)), {
    // A limit for the heap, so that a reader that allocates without end stops its process early.
    execArgv: [...process.execArgv, "--max-old-space-size=512"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  let death = "";
  const hangs = (): void => {
    death = `hangs: no sign of life for ${PATIENCE / 1000} s`;
    kill();
  };
  let patience = setTimeout(hangs, PATIENCE);
  child.on("message", (news: News) => {
    clearTimeout(patience);
    patience = setTimeout(hangs, PATIENCE);
    if (news.kind === "progress") bar.progress(news.done, total, news.reader);
    else if (news.kind === "row") rows.push(news);
    else faults.push(news);
  });
  child.send(job);
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      clearTimeout(patience);
      process.off("exit", kill);
      bar.stop();
      if (rows.length < job.parts.length) {
        const [reader, run] = readFileSync(note, "utf8").split(" ");
        faults.push({ reader, run: Number(run), fault: death || `the process ended with ${signal ?? code}` });
      }
      resolve({ rows, faults, seconds: (performance.now() - start) / 1000 });
    });
  });
}

function table(rows: readonly Row[]): string[][] {
  return [
    ["reader", "inputs", "accepted", "refused", "slowest ms"],
    ...rows.map(({ reader, inputs, accepted, slowest }) => [
      reader,
      String(inputs),
      String(accepted),
      String(inputs - accepted),
      slowest.toFixed(1),
    ]),
  ];
}

/** Prints the fault, saves the file, and prints the command that repeats it. */
function report(name: string, run: number, seed: number, fault: string): void {
  const reader = readers.find((other) => other.name === name)!;
  const input = inputOf(reader, seed, run);
  const path = join(folder, `${name}-${seed}-${run}.bin`);
  writeFileSync(path, input);
  console.log(`FAULT: ${name}, seed ${seed}, run ${run}: ${fault}`);
  console.log(`  the file: ${relative(process.cwd(), path)} (${input.length} bytes)`);
  console.log(`  again: pnpm fuzz --seed ${seed} --only ${name} --run ${run}\n`);
}

await main();
