import { test } from "vitest";
import { expectOneThreadWhereRefused, expectPlainWhereRefused } from "./refusals.ts";

test("K1: however a host refuses WebAssembly, the plain loops run with the same bits, with one warning", () =>
  expectPlainWhereRefused([
    "there is no WebAssembly",
    "validate says no",
    "compiling throws a CompileError, as a Content Security Policy does",
    "compiling throws undefined",
    "an instance has no exports",
    "memory is not shared",
  ]));

test("K16: a host that refuses workers gets an error that says why and names worker-src blob:, and one thread goes on", () =>
  expectOneThreadWhereRefused([
    "there is no Worker",
    "the script is not loaded, as by a policy in Chromium",
    "the engine starts, and no second instance does",
  ]));
