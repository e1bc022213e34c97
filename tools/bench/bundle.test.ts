import { expect, test } from "vitest";
import { bundleProgram } from "./bundle.ts";

test.each([
  ["plain", 29_000],
  ["gradus", 43_500],
  ["self-normalizing", 44_300],
])("the program startup/%s.ts is at most %i bytes, gzipped", async (name, most) => {
  const { gzipped } = await bundleProgram(`startup/${name}.ts`);
  expect(gzipped).toBeGreaterThan(0.9 * most);
  expect(gzipped).toBeLessThanOrEqual(most);
});
