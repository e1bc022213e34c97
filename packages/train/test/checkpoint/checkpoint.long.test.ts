import { test } from "vitest";
import { expectHistorySaved } from "./checkpoint/support.ts";

test("R3: a history of 1,000,000 epochs is saved as tensors and can be loaded", () => {
  expectHistorySaved(1_000_000);
});
