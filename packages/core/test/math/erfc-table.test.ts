import { expect, test } from "vitest";
import { ERFC_ROW, ERFC_TABLE, fillErfcRow } from "../../src/math/erfc-table.ts";
import { goldenTable } from "./golden.ts";

test("a row is computed on demand, alone", async () => {
  // A module of its own: other files may have filled the table of this one.
  const fresh = "../../src/math/erfc-table.ts?fresh";
  const { ERFC_TABLE, fillErfcRow } = (await import(fresh)) as typeof import("../../src/math/erfc-table.ts");
  fillErfcRow(ERFC_ROW * 17);
  expect(ERFC_TABLE.findIndex((x) => x !== 0)).toBe(ERFC_ROW * 17);
  expect(ERFC_TABLE.findLastIndex((x) => x !== 0)).toBe(ERFC_ROW * 18 - 1);
});

test("every number of the table has the bits that 60 digits give", () => {
  const golden = goldenTable("erfc-table");
  expect(golden.length).toBe(54 * ERFC_ROW);
  for (let row = 0; row < ERFC_TABLE.length; row += ERFC_ROW) fillErfcRow(row);
  expect(ERFC_TABLE).toStrictEqual(golden);
});
