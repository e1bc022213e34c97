import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "vitest";
import { expectToGoOn } from "./broken-off.ts";
import { optimizerNames, STEPS } from "./training.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gradus-resume-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("a resumed training gives the bits of an uninterrupted one", () => {
  // Steps 8, 16, 24 and 32 end an epoch; the validation is still to come when the signal is looked at.
  test.each(optimizerNames)("%s, in the middle of an epoch and at its end, eager and compiled", (optimizer) =>
    expectToGoOn(dir, optimizer, [5, 8, 12, 17, STEPS - 1]),
  );
});
