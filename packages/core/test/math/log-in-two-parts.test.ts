import { expect, test } from "vitest";
import { lowPart } from "../../src/math/bits.ts";
import { log } from "../../src/math/log.ts";
import { logInTwoParts } from "../../src/math/log-in-two-parts.ts";

test("the logarithm in two parts has the nearest double as its first part", () => {
  for (const x of [0.3, 0.999, 1.001, 1.0078, 2, 1e-310, 1e300]) {
    expect(logInTwoParts(x)).toBe(log(x));
    expect(Math.abs(lowPart[0])).toBeLessThanOrEqual(Math.abs(log(x)) * 2 ** -53);
  }
});

test("the logarithm in two parts gives ln 2 to more than 100 bits", () => {
  // ln 2 = 0x1.62e42fefa39efp-1 + 0x1.abc9e3b39803fp-56 + …
  expect(logInTwoParts(2)).toBe(Math.LN2);
  expect(lowPart[0]).toBeCloseTo(2.3190468138462996e-17, 30);
});
