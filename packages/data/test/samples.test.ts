import { ArgumentError } from "@gradus/core";
import { expect, test } from "vitest";
import { checkLabels } from "../src/samples.ts";

test("checkLabels passes labels 0 … classes − 1", () => {
  expect(() => checkLabels(Uint8Array.of(0, 9, 5), 10)).not.toThrow();
  expect(() => checkLabels([], 1)).not.toThrow();
});

test("checkLabels names the first sample with a wrong label", () => {
  for (const label of [10, -1, 0.5, Number.NaN, "3" as never, undefined as never]) {
    expect(() => checkLabels([3, label], 10)).toThrow(ArgumentError);
  }
  expect(() => checkLabels([3, 10], 10)).toThrow(
    "checkLabels: the label of sample 1 is 10, but 10 classes are numbered 0 to 9",
  );
});

test("checkLabels refuses a wrong number of classes", () => {
  for (const classes of [0, -1, 2.5, Number.NaN, undefined as never]) {
    expect(() => checkLabels([], classes)).toThrow("classes must be a whole number ≥ 1");
  }
});
