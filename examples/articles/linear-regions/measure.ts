/** All counts of `pnpm linear-regions`. */

import { createRng } from "@gradus/core";
import type { Progress } from "../../shared/progress.ts";
import { type Approximation, approximate, type Square, squares } from "./approximation.ts";
import * as bounds from "./bounds.ts";
import { boundNet, foldingNet, waveNet } from "./constructions.ts";
import { gridLoss, type Lesson, type Trained, train } from "./learning.ts";
import { countRandom, type RandomCount, randomNet } from "./random-nets.ts";
import { regionsOnLine, regionsOnPlane } from "./regions.ts";
import { square, UNIT_LINE, UNIT_SQUARE } from "./slice.ts";

/** The bounds for a net; null where a bound does not apply. Exact up to 2⁵³. */
export interface Bounds {
  readonly pascanuLower: number | null;
  readonly montufarLower: number | null;
  readonly serraLower: number | null;
  readonly montufarUpper: number;
  readonly serraUpper: number;
}

/** A net with a known number of regions, and the count. */
export interface Construction {
  readonly layers: number;
  readonly units: number;
  readonly counted: number;
  readonly expected: number;
  /** The largest number of regions of one layer with the same number of units. */
  readonly oneLayer: number;
  readonly serraUpper: number;
}

/** The results of several trainings of one net. */
export interface LessonResult {
  /** The number of folds of the target map. */
  readonly times: number;
  readonly widths: readonly number[];
  readonly units: number;
  readonly steps: number;
  readonly seeds: number;
  readonly bestLoss: number;
  readonly medianLoss: number;
  /** Activation regions of the best net, and its linear regions after training. */
  readonly before: number;
  readonly after: number;
  readonly linearAfter: number;
}

/** The results that `--json` writes. */
export interface Results {
  readonly oneLayer: readonly { units: number; counted: number; zaslavsky: number }[];
  readonly folding: readonly Construction[];
  readonly wave: readonly Construction[];
  readonly lowerBound: readonly (Construction & { width: number })[];
  readonly approximation: readonly Approximation[];
  readonly squares: readonly Square[];
  readonly depth: readonly (RandomCount & Bounds)[];
  readonly sameUnits: readonly (RandomCount & Bounds)[];
  /** The loss of a net whose output is always the mean, ½: the reference for the loss. */
  readonly meanLoss: number;
  readonly lessons: readonly LessonResult[];
}

/** The size of a run. */
export interface Amount {
  readonly nets: number;
  readonly depths: number;
  readonly steps: number;
  readonly seeds: number;
}

export const FULL: Amount = { nets: 20, depths: 5, steps: 4000, seeds: 5 };
export const QUICK: Amount = { nets: 3, depths: 3, steps: 600, seeds: 1 };

/** The same number of units in one to six layers. */
const LAYOUTS = [[48], [24, 24], [16, 16, 16], [12, 12, 12, 12], [8, 8, 8, 8, 8, 8]];

/** The number of folds, and the nets that learn them. */
const LESSONS = [1, 2, 3].flatMap((times) => [[16], [8, 8]].map((widths) => ({ times, widths })));

/** Counts everything. Returns the regions of the trained nets too, for the figures. */
export async function measure(
  amount: Amount,
  /** Is called before each part of the work, with its name. */
  progress: Progress,
): Promise<{ results: Results; lessons: Lesson[] }> {
  const total = 1 + amount.depths + LAYOUTS.length + LESSONS.length * amount.seeds;
  let done = 0;
  const next = async <T>(what: string, work: () => T): Promise<T> => {
    progress(done++, total, what);
    await new Promise(setImmediate); // lets Ctrl-C through
    return work();
  };
  const random = async (layouts: readonly (readonly number[])[]): Promise<(RandomCount & Bounds)[]> => {
    const counts = [];
    for (const widths of layouts) {
      const count = await next(`random nets ${widths.join("-")}`, () => countRandom(widths, amount.nets));
      counts.push({ ...count, ...boundsOf(2, widths) });
    }
    return counts;
  };
  const known = await next("constructions", constructions);
  const depth = await random(upTo(amount.depths).map((layers) => new Array(layers).fill(8)));
  const sameUnits = await random(LAYOUTS);
  const lessons: Lesson[] = [];
  for (const { times, widths } of LESSONS) {
    const runs: Trained[] = [];
    for (const seed of upTo(amount.seeds)) {
      runs.push(await next(`training ${widths.join("-")}`, () => train(widths, times, amount.steps, seed)));
    }
    lessons.push({ times, widths, runs: runs.sort((a, b) => a.loss - b.loss) });
  }
  progress(total, total, "");
  const results = {
    ...known,
    depth,
    sameUnits,
    meanLoss: gridLoss({ forward: (x) => x.mul(0).add(0.5) }, 1),
    lessons: lessons.map((lesson) => summarized(lesson, amount.steps)),
  };
  return { results, lessons };
}

/** The nets whose counts are known, and those that approximate. */
export function constructions(): Omit<Results, "depth" | "sameUnits" | "meanLoss" | "lessons"> {
  const oneLayer = upTo(8).map((units) => {
    const net = randomNet([units], createRng("one layer").split(units));
    const counted = regionsOnPlane(net, square(1000)).activationRegions;
    return { units, counted, zaslavsky: Number(bounds.zaslavsky(2, units)) };
  });
  const folding = upTo(4).map((layers): Construction => {
    const counted = regionsOnPlane(foldingNet(layers), square(1)).linearRegions;
    return { ...construction(2, new Array(layers).fill(4)), counted, expected: 4 ** layers };
  });
  const wave = upTo(5).map((layers): Construction => {
    const counted = regionsOnLine(waveNet(3, layers), UNIT_LINE).linearRegions;
    return { ...construction(1, new Array(layers).fill(3)), counted, expected: 3 ** layers };
  });
  const lowerBound = upTo(3).map((layers) => {
    const widths = new Array<number>(layers).fill(8);
    const counted = regionsOnPlane(boundNet(8, layers), UNIT_SQUARE).linearRegions;
    return {
      ...construction(2, widths),
      width: 8,
      counted,
      expected: Number(bounds.montufarLower(2, widths)),
    };
  });
  const approximation = approximate([9, 27, 81, 243]);
  return { oneLayer, folding, wave, lowerBound, approximation, squares: squares(6) };
}

function construction(
  inputs: number,
  widths: readonly number[],
): Pick<Construction, "layers" | "units" | "oneLayer" | "serraUpper"> {
  const units = widths.reduce((sum, width) => sum + width, 0);
  return {
    layers: widths.length,
    units,
    oneLayer: Number(bounds.zaslavsky(inputs, units)),
    serraUpper: Number(bounds.serraUpper(inputs, widths)),
  };
}

function boundsOf(inputs: number, widths: readonly number[]): Bounds {
  const number = (bound: bigint | null): number | null => (bound === null ? null : Number(bound));
  return {
    pascanuLower: number(bounds.pascanuLower(inputs, widths)),
    montufarLower: number(bounds.montufarLower(inputs, widths)),
    serraLower: number(bounds.serraLower(inputs, widths)),
    montufarUpper: Number(bounds.montufarUpper(inputs, widths)),
    serraUpper: Number(bounds.serraUpper(inputs, widths)),
  };
}

function summarized({ times, widths, runs }: Lesson, steps: number): LessonResult {
  const [best] = runs;
  return {
    times,
    widths,
    units: widths.reduce((sum, width) => sum + width, 0),
    steps,
    seeds: runs.length,
    bestLoss: best.loss,
    medianLoss: runs[Math.floor(runs.length / 2)].loss,
    before: best.before.activationRegions,
    after: best.after.activationRegions,
    linearAfter: best.after.linearRegions,
  };
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}
