import { expect, test } from "vitest";
import { plot } from "./plot.ts";

test("the identity is a diagonal through the axes", () => {
  // Ten half lines for values from 2 to −2; points beside each other are joined.
  expect(plot([-2, -1, 0, 1, 2], -2, 2, 5)).toEqual([" 2   │ █", "     │█", " 0 ──▄▀─", "    ▄▀", "-2 ▄▀│"]);
});

test("a constant, values that are not finite and values outside leave the axes", () => {
  for (const values of [
    [0, 0, 0],
    [Number.NaN, Number.POSITIVE_INFINITY, 1e9],
  ]) {
    const lines = plot(values, -1, 1, 5);
    expect(lines).toHaveLength(5);
    expect(lines.join("")).toContain("1");
  }
});

test("a jump is not joined", () => {
  const lines = plot([-1, -1, 1, 1], 1, 4, 5);
  expect(lines[0]).toBe(" 1   ▀▀");
  expect(lines[4]).toBe("-1 ▄▄");
  expect(lines[1].trim()).toBe("");
});
