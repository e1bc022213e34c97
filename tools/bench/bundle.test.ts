import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundleProgram } from "./bundle.ts";

test.each([
  ["plain", 35_800],
  ["gradus", 54_300],
  ["self-normalizing", 55_100],
])("the program startup/%s.ts is at most %i bytes, gzipped", async (name, most) => {
  const { gzipped } = await bundleProgram(`startup/${name}.ts`);
  expect(gzipped).toBeGreaterThan(0.9 * most);
  expect(gzipped).toBeLessThanOrEqual(most);
});

test("docs/browsers.md has the sizes of these programs, to a tenth", async () => {
  const page = readFileSync(new URL("../../docs/browsers.md", import.meta.url), "utf8");
  const [, plain, snn] =
    /minified by Vite \| (\d+) kB \|\n.*AlphaDropout and Adam \| (\d+) kB/.exec(page) ?? [];
  for (const [name, kilobytes] of Object.entries({ gradus: plain, "self-normalizing": snn })) {
    const { gzipped } = await bundleProgram(`startup/${name}.ts`);
    expect(Math.abs(gzipped / 1000 / Number(kilobytes) - 1)).toBeLessThan(0.1);
  }
});
