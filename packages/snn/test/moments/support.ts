import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Moments, WeightMoments } from "../../src/moments/net-input.ts";
import type { SeluParameters } from "../../src/moments/selu.ts";

type Pair = readonly [number, number];

/** test/fixtures/moments.json, which fixtures/moments.py computed with hundreds of digits. */
interface Golden {
  readonly points: readonly (Moments &
    WeightMoments &
    SeluParameters & {
      readonly result: Pair;
      readonly secondMoment: number;
      readonly jacobian: readonly [Pair, Pair];
    })[];
  readonly parameters: readonly (Moments & SeluParameters)[];
  readonly fixedPoints: readonly (Moments & { readonly squareSum: number })[];
}

export const golden: Golden = JSON.parse(
  readFileSync(new URL("../fixtures/moments.json", import.meta.url), "utf8"),
);

/** |actual − expected| ≤ tolerance. */
export function expectWithin(actual: number, expected: number, tolerance: number, where = ""): void {
  expect(
    Math.abs(actual - expected),
    `${where} ${actual} is not within ${tolerance} of ${expected}`,
  ).toBeLessThanOrEqual(tolerance);
}

/** Checks a value that was published with these digits: half a unit of the last one may be off. */
export function expectDigits(actual: number, digits: string): void {
  const [, decimals = ""] = digits.split(/\.|e.*/);
  const exponent = Number(digits.split("e")[1] ?? 0);
  expectWithin(actual, Number(digits), 0.501 * 10 ** (exponent - decimals.length));
}

/** count numbers from low to high, both included. */
export function grid(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}
