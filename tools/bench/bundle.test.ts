import { expect, test } from "vitest";
import { bundleProgram } from "./bundle.ts";

test.each(["gradus", "self-normalizing"])(
  "the program startup/%s.ts is at most 40 kB, gzipped",
  async (name) => {
    const { gzipped } = await bundleProgram(`startup/${name}.ts`);
    expect(gzipped).toBeGreaterThan(30_000);
    expect(gzipped).toBeLessThanOrEqual(40_000);
  },
);
