import { test } from "vitest";
import { expectOnlyNeedsHurt } from "./missing-globals.ts";

test("K7: a missing global hurts only what needs it, which says so: every global of the host", () =>
  expectOnlyNeedsHurt());
