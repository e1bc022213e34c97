/** Runs the job in every engine and in every way of computing, and prints the hashes. */
import { plainProduct, useProduct } from "@gradus/core";
import { useSimd } from "@gradus/engine";
import { type Engine, engines } from "./engines.ts";
import { type JobResult, job } from "./job.ts";

/** The results that `--json` writes. */
export interface Report {
  /** Those that ran, and the ways in which they did. */
  readonly engines: readonly {
    name: string;
    version: string;
    engine: string;
    ways: readonly { name: string; hash: string }[];
  }[];
  readonly notInstalled: readonly string[];
  readonly failed: readonly { name: string; reason: string }[];
  /** The ways to run it within one engine. */
  readonly runs: readonly { name: string; hash: string }[];
  /** Whether all that ran gave the same bits, and none failed. */
  readonly equal: boolean;
}

/** Runs the job everywhere, one after the other, and prints a line for each. */
export async function compare(digits: Uint8Array, folder: string): Promise<Report> {
  const before = useSimd(false);
  useProduct(plainProduct);
  const expected = job(digits);
  useSimd(before);
  const found: Pick<Report, "engines" | "notInstalled" | "failed"> = await runEngines(
    engines,
    expected,
    folder,
  );
  const runs = [{ name: "op by op, plainest loops", hash: expected.hash }];
  console.log();
  row(["run", "", "", "hash", "equal"]);
  row([runs[0].name, "", "", short(expected.hash), ""]);
  const add = (name: string, { hash, parts }: JobResult): void => {
    runs.push({ name, hash });
    row([name, "", "", short(hash), verdict([hash], expected)]);
    printDifferences(parts, expected);
  };
  add("from the sources", job(digits));
  add("again in the same process", job(digits));
  add("predicting in another order", job(digits, { predictBackwards: true }));
  const hashes = [...found.engines.flatMap(({ ways }) => ways), ...runs].map(({ hash }) => hash);
  return { ...found, runs, equal: found.failed.length === 0 && new Set(hashes).size === 1 };
}

/** Runs the job in each installed engine and compares the hashes. */
export async function runEngines(
  engines: readonly Engine[],
  expected: JobResult,
  folder: string,
): Promise<Pick<Report, "engines" | "notInstalled" | "failed">> {
  const ran: Report["engines"][number][] = [];
  const notInstalled: string[] = [];
  const failed: Report["failed"][number][] = [];
  row(["engine", "version", "JavaScript engine", "hash", "equal"]);
  for (const { name, engine, source, find, run } of engines) {
    const command = find();
    if (command === undefined) {
      notInstalled.push(name);
      row([name, "not installed", engine, `(${source})`, ""]);
      continue;
    }
    try {
      const { ways, ...about } = await run(command, folder);
      const results = Object.entries(ways);
      ran.push({ name, ...about, ways: results.map(([way, { hash }]) => ({ name: way, hash })) });
      const hashes = results.map(([, { hash }]) => hash);
      row([name, about.version, about.engine, short(hashes[0]), verdict(hashes, expected)]);
      for (const [way, { hash, parts }] of results) {
        if (hash === expected.hash) continue;
        console.log(`    ${way}: ${short(hash)}`);
        printDifferences(parts, expected);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failed.push({ name, reason });
      row([name, "", engine, "failed", "NO"]);
      console.log(`    ${reason}`);
    }
  }
  return { engines: ran, notInstalled, failed };
}

const WIDTHS = [29, 16, 24, 19, 0];

function row(cells: readonly string[]): void {
  console.log(
    cells
      .map((cell, i) => cell.padEnd(WIDTHS[i]))
      .join("")
      .trimEnd(),
  );
}

const short = (hash: string): string => `${hash.slice(0, 16)}…`;

function verdict(hashes: readonly string[], expected: JobResult): string {
  if (!hashes.every((hash) => hash === expected.hash)) return "NO";
  return hashes.length === 1 ? "yes" : `yes, in ${hashes.length} ways`;
}

/** Prints the parts of the job whose bits differ. */
function printDifferences(parts: JobResult["parts"], expected: JobResult): void {
  const others = Object.keys(expected.parts).filter((part) => parts[part] !== expected.parts[part]);
  if (others.length > 0) console.log(`    differs in: ${others.join("; ")}`);
}
