import { expect, test } from "vitest";
import { alignColumns } from "../../src/text/columns.ts";

test("aligns words on the left and numbers on the right, in lines of one length", () => {
  const rows = [
    ["layer", "size", ""],
    ["Dense", "102070", "new"],
    ["SELU", "0", ""],
  ];
  expect(alignColumns(rows, [0, 2])).toEqual([
    "layer    size     ",
    "Dense  102070  new",
    "SELU        0     ",
  ]);
});

test("no rows give no lines, and empty cells take no width", () => {
  expect(alignColumns([], [0])).toEqual([]);
  expect(alignColumns([["", ""]], [])).toEqual(["  "]);
});
