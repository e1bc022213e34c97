/** The results of a run, as a table and as JSON. */
import { cpus, totalmem } from "node:os";
import { printTable } from "../shared/print-table.ts";
import type { Absent, Outcome, Times } from "./rounds.ts";
import type { SizeRow } from "./startup.ts";
import { median, pairedRatios, type Spread, spread } from "./statistics.ts";
import type { Work } from "./works.ts";

export interface Row {
  readonly contestant: string;
  readonly float: string;
  readonly threads: number;
  /** Milliseconds of a step. */
  readonly ms: { readonly min: number; readonly median: number; readonly max: number };
  /** The median of the rounds' ratios, this contestant's time over gradus's; null without gradus. */
  readonly ratio: number | null;
  readonly ratioSpread: Spread | null;
  /** The gradus contestant that the ratio is relative to. */
  readonly against: string | null;
  readonly about: string;
  readonly notes: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

export interface WorkReport {
  readonly work: string;
  readonly title: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly absent: readonly { contestant: string; threads: number; why: Absent["why"]; reason: string }[];
  readonly sizes?: readonly SizeRow[];
}

/** The results that `--json` writes. */
export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly works: readonly WorkReport[];
}

export function machine(): Report["machine"] {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    date: new Date().toISOString(),
  };
}

export function workReport(
  work: Work,
  rounds: number,
  { times, absent }: Outcome,
  sizes?: SizeRow[],
): WorkReport {
  return {
    work: work.id,
    title: work.title,
    rounds,
    rows: times.map((one) => row(one, times)),
    absent: absent.map(({ contestant: { name, threads }, why, reason }) => ({
      contestant: name,
      threads,
      why,
      reason: reason.split("\n")[0],
    })),
    ...(sizes && { sizes }),
  };
}

function row({ contestant, about, notes, ms, rounds, figures }: Times, all: readonly Times[]): Row {
  const base = baseOf(contestant.against, all);
  const ratios = base === undefined ? undefined : spread(pairedRatios(rounds, base.rounds));
  return {
    contestant: contestant.name,
    float: contestant.float,
    threads: contestant.threads,
    ms: { min: Math.min(...ms), median: median(ms), max: Math.max(...ms) },
    ratio: ratios?.median ?? null,
    ratioSpread: ratios ?? null,
    against: base === undefined ? null : `${base.contestant.name}, ${base.contestant.threads}`,
    about,
    notes,
    figures,
  };
}

/** The gradus contestant to compare with; if it did not run, the fastest one that did. */
function baseOf(id: string, all: readonly Times[]): Times | undefined {
  const order = [id, "gradus-compiled-1", "gradus-eager-1"];
  return order
    .map((one) => all.find(({ contestant }) => contestant.id === one))
    .find((found) => found !== undefined);
}

export function print(report: WorkReport): void {
  console.log(`\nWork ${report.work}: ${report.title} (${report.rounds} rounds)`);
  const head = [
    "contestant",
    "threads",
    "float",
    "min ms",
    "median",
    "max",
    "÷ gradus: p10",
    "median",
    "p90",
    "",
  ];
  const rows = report.rows.map((one) => [
    one.contestant,
    String(one.threads),
    one.float,
    ...[one.ms.min, one.ms.median, one.ms.max].map(digits),
    ...(one.ratioSpread
      ? [one.ratioSpread.p10, one.ratioSpread.median, one.ratioSpread.p90].map(digits)
      : ["–", "–", "–"]),
    remarks(one),
  ]);
  const absent = report.absent.map(({ contestant, threads, why, reason }) => [
    contestant,
    String(threads),
    why,
    ...new Array<string>(6).fill(""),
    reason,
  ]);
  printTable([head, ...rows, ...absent], [0, 2, 9]);
  for (const line of noise(report)) console.log(line);
  if (report.sizes) printSizes(report.sizes);
}

function remarks({ about, notes, figures }: Row): string {
  const numbers = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`);
  return [about, ...notes, ...numbers].filter((text) => text !== "").join("; ");
}

function noise({ rows }: WorkReport): string[] {
  const own = rows.find(({ contestant }) => contestant.startsWith("gradus"));
  if (own === undefined) return ["  No gradus took part: there are no ratios."];
  const { min, median, max } = own.ms;
  const others = new Set(rows.map(({ against }) => against));
  return [
    `  Ratios are paired by round, over ${[...others].filter((name) => name !== null).join(" and ")} thread(s).`,
    `  Noise: ${own.contestant} itself took ${digits(min)} to ${digits(max)} ms, half of its steps more than ${digits(median)}; compare ratios, not times of different runs.`,
  ];
}

function printSizes(sizes: readonly SizeRow[]): void {
  console.log(
    "\nBytes for a browser, minified and minified + gzip -9: all of the packages, and the XOR program alone",
  );
  const bytes = (value?: number): string => (value === undefined ? "–" : value.toLocaleString("en"));
  const rows = sizes.map(({ name, library, program }) => [
    name,
    ...[library?.minified, library?.gzipped, program?.minified, program?.gzipped].map(bytes),
  ]);
  printTable([["", "min", "min + gzip", "program min", "min + gzip"], ...rows], [0]);
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const decimals =
    value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : value >= 0.01 ? 4 : 5;
  return value.toFixed(decimals);
}
