import { printTable } from "../../shared/print-table.ts";
import { median } from "../statistics.ts";

/** One way to do a piece of work; the first of a list is the reference. */
export interface Contestant {
  readonly name: string;
  /** Does the work once. It may return the milliseconds to count, if they differ from the time it took. */
  run(): unknown;
}

export interface Timing {
  readonly name: string;
  /** Milliseconds of one run: the best and the median. */
  readonly best: number;
  readonly median: number;
  /** Median of the round by round ratio of this contestant's time to the first one's. */
  readonly ratio: number;
}

/**
 * Times contestants in turn, round after round, so that changes of the machine's speed affect all of them equally. Compare
 * ratios; absolute times of different runs are not comparable on a shared machine.
 */
export function alternate(contestants: readonly Contestant[], rounds = 15): Timing[] {
  for (const { run } of contestants) {
    for (let i = 0; i < 3; i++) run(); // warm up: let the engine compile
  }
  const times = contestants.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    contestants.forEach(({ run }, i) => {
      const start = performance.now();
      const counted = run();
      times[i].push(typeof counted === "number" ? counted : performance.now() - start);
    });
  }
  return contestants.map(({ name }, i) => ({
    name,
    best: Math.min(...times[i]),
    median: median(times[i]),
    ratio: median(times[i].map((time, round) => time / times[0][round])),
  }));
}

/** Prints timings as an aligned table; `unit` turns milliseconds into the figure of interest, such as GFLOP/s. */
export function report(
  title: string,
  timings: readonly Timing[],
  unit: { name: string; of(ms: number): number },
): void {
  const rows = timings.map(({ name, best, median, ratio }) => [
    name,
    unit.of(best).toPrecision(3),
    unit.of(median).toPrecision(3),
    `${ratio.toFixed(2)}×`,
  ]);
  console.log(`\n${title}`);
  printTable([["", `best ${unit.name}`, `median ${unit.name}`, "time ratio"], ...rows]);
}
