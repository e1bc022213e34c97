import { expect, test } from "vitest";
import { completeLogTable } from "../../src/math/log-table.ts";
import { goldenTable } from "./golden.ts";

test("a row is computed on demand, alone", async () => {
  // A module of its own: other files may have filled the table of this one.
  const fresh = "../../src/math/log-table.ts?fresh";
  const { fillLogRow, LOG_TABLE } = (await import(fresh)) as typeof import("../../src/math/log-table.ts");
  fillLogRow(3 * 17);
  expect(LOG_TABLE.findIndex((x) => x !== 0)).toBe(3 * 17);
  expect(LOG_TABLE.findLastIndex((x) => x !== 0)).toBe(3 * 17 + 2);
});

test("every number of the table has the bits that 60 digits give", () => {
  const golden = goldenTable("log-table");
  expect(golden.length).toBe(384);
  expect(completeLogTable()).toStrictEqual(golden);
});
