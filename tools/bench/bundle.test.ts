import { expect, test } from "vitest";
import { bundleProgram } from "./bundle.ts";

test.each([
  ["plain", 28_500],
  ["gradus", 44_600],
  ["self-normalizing", 45_400],
])("the program startup/%s.ts is at most %i bytes, gzipped", async (name, most) => {
  const { gzipped } = await bundleProgram(`startup/${name}.ts`);
  expect(gzipped).toBeGreaterThan(0.9 * most);
  expect(gzipped).toBeLessThanOrEqual(most);
});
