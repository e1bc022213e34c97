import { expect, test } from "vitest";
import { rowLabels, shapeText, short } from "../../src/ops/numbers.ts";

test("numbers are short and have a true minus sign", () => {
  expect([-0.123456, 0, -0, 1 / 3, 1e-7, Number.NEGATIVE_INFINITY, Number.NaN].map((x) => short(x))).toEqual([
    "−0.12346",
    "0",
    "0",
    "0.33333",
    "1e−7",
    "−∞",
    "NaN",
  ]);
  expect(short(Math.PI, 3)).toBe("3.14");
});

test("rows are labelled by the indices of all axes but the last", () => {
  expect(rowLabels({ shape: [2, 1, 3], data: [] })).toEqual(["0, 0", "1, 0"]);
  expect(rowLabels({ shape: [3], data: [] })).toEqual([""]);
  expect(rowLabels({ shape: [], data: [] })).toEqual([""]);
  expect(shapeText([2, 3])).toBe("[2, 3]");
});
