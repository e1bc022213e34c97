import { backward, broadcastTo, matmul, ones, tensor, variable, where } from "@gradus/core";
import { rowsOf, watch } from "@gradus/core/watch";
import { expect, test } from "vitest";
import { broadcasts } from "../catalogue/catalogue.ts";
import { type Repeat, repeatedAxes, repeatLines, repeatsOf } from "./repeat.ts";

/** The repeats of all outer steps of a program. */
function repeats(run: () => unknown): Repeat[] {
  const trace = watch(run);
  const { names, sections } = rowsOf(trace);
  return sections.flatMap(({ rows }) => rows.flatMap((row) => repeatsOf(row, trace, names, broadcasts)));
}

test("the axes along which a shape is repeated", () => {
  expect(repeatedAxes([3], [2, 3])).toEqual([0]);
  expect(repeatedAxes([2, 1], [2, 3])).toEqual([1]);
  expect(repeatedAxes([], [2, 3])).toEqual([0, 1]);
  expect(repeatedAxes([1, 3], [1, 3])).toEqual([]);
  expect(repeatedAxes([3], [1, 3])).toEqual([0]); // a new axis of one
  expect(repeatedAxes([2], [2, 3])).toBeNull();
  expect(repeatedAxes([2, 3], [3])).toBeNull();
  expect(repeatedAxes([1, 3], [0, 3])).toEqual([0]);
});

test("an operand is repeated forward, and summed over the same axes backward", () => {
  const found = repeats(() =>
    backward(
      variable(ones([2, 3]))
        .add(variable(tensor([1, 2, 3])))
        .sum(),
    ),
  );
  expect(found.map(({ kind, axes, text }) => ({ kind, axes, text }))).toEqual([
    {
      kind: "repeat",
      axes: [0],
      text: expect.stringMatching(/^\w+ \[3\] is repeated 2 times along axis 0, to \[2, 3\]\.$/),
    },
    {
      kind: "sum",
      axes: [0],
      text: expect.stringMatching(/used 2 times, so its gradient is the sum over axis 0\.$/),
    },
  ]);
  expect(repeatLines(found[0])).toEqual(["  ■ ■ ■  →  ■ ■ ■", "            □ □ □"]);
  expect(repeatLines(found[1])).toEqual(["  ■ ■ ■  Σ→  ■ ■ ■", "  □ □ □"]);
});

test("every operand that is broadcast is found, whatever element-wise op it is", () => {
  const column = ones([2, 1]);
  const row = ones([3]);
  expect(repeats(() => column.mul(row)).map(({ shape }) => shape)).toEqual([[2, 1], [3]]);
  expect(repeats(() => where(tensor(1), column, row)).map(({ shape }) => shape)).toEqual([[], [2, 1], [3]]);
  expect(repeats(() => broadcastTo(row, { shape: [2, 2, 3] })).map(({ axes }) => axes)).toEqual([[0, 1]]);
});

test("shapes alone do not decide: a product of matrices repeats nothing", () => {
  expect(repeats(() => matmul(ones([1, 1]), ones([1, 3])))).toEqual([]);
  expect(repeats(() => ones([2, 3]).sum({ axes: [0], keepDims: true }))).toEqual([]);
});

test("rectangles of text are cut at eight cells, and say how many there are", () => {
  const [repeat] = repeats(() =>
    ones([3, 20, 20])
      .add(ones([20]))
      .detach(),
  );
  const lines = repeatLines(repeat);
  expect(lines[0]).toBe(`  ${"■ ".repeat(8)}…  →  ${"■ ".repeat(8)}…`);
  expect(lines.at(-2)?.trim()).toBe("⋮");
  expect(lines.at(-1)).toBe("(3 such rectangles)");
});
