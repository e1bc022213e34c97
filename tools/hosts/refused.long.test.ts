import { test } from "vitest";
import { expectOneThreadWhereRefused, expectPlainWhereRefused } from "./refusals.ts";

test("K1: however a host refuses WebAssembly, the plain loops run with the same bits, with one warning: every refusal", () =>
  expectPlainWhereRefused());

test("K16: a host that refuses workers gets an error that says why and names worker-src blob:, and one thread goes on: every refusal", () =>
  expectOneThreadWhereRefused());
