import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { HALF_PI_BITS, halfPi } from "../../src/math/half-pi.ts";

test("pi/2 has the bits that mpmath gives, but for the last dozen", () => {
  const [, digits] = readFileSync(new URL("../fixtures/math/half-pi.txt", import.meta.url), "utf8").split(
    "\n",
  );
  const golden = BigInt(`0x${digits}`);
  expect(golden >> HALF_PI_BITS).toBe(1n);
  const error = halfPi() - golden;
  expect(error > -4096n && error < 4096n).toBe(true);
});
