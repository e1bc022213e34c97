import { expect, test } from "vitest";
import { roundTrips } from "./plain-data/round-trips.ts";

test("R3: whatever is packed comes back equal, and anything else is refused with an error of gradus", () => {
  expect(roundTrips(4000)).toBeGreaterThan(1000);
});
