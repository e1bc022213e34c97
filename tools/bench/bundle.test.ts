import { expect, test } from "vitest";
import { bundleProgram } from "./bundle.ts";

test.each([
  ["plain", 27_000],
  ["gradus", 41_500],
  ["self-normalizing", 42_200],
])("the program startup/%s.ts is at most %i bytes, gzipped", async (name, most) => {
  const { gzipped } = await bundleProgram(`startup/${name}.ts`);
  expect(gzipped).toBeGreaterThan(0.9 * most);
  expect(gzipped).toBeLessThanOrEqual(most);
});
