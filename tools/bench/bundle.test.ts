import { expect, test } from "vitest";
import { bundleProgram } from "./bundle.ts";

test.each([
  ["plain", 30_000],
  ["gradus", 47_000],
  ["self-normalizing", 48_000],
])("the program startup/%s.ts is at most %i bytes, gzipped", async (name, most) => {
  const { gzipped } = await bundleProgram(`startup/${name}.ts`);
  expect(gzipped).toBeGreaterThan(0.9 * most);
  expect(gzipped).toBeLessThanOrEqual(most);
});
