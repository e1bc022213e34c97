import { expect, test } from "vitest";
import { fillTwoOverPi, TWO_OVER_PI } from "../../src/math/two-over-pi.ts";
import { goldenTable } from "./golden.ts";

test("the 1200 bits of 2/pi are those that mpmath gives", () => {
  const golden = goldenTable("two-over-pi");
  expect(golden.length).toBe(50);
  fillTwoOverPi();
  expect(TWO_OVER_PI).toStrictEqual(golden);
});
