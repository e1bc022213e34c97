import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundleProgram, type Program } from "./bundle.ts";

const bundled = new Map<string, Promise<Program>>();

/** The bundle of a program of startup, made once. */
function startup(name: string): Promise<Program> {
  const program = bundled.get(name) ?? bundleProgram(`startup/${name}.ts`);
  bundled.set(name, program);
  return program;
}

test.each([
  ["plain", 37_050],
  ["lenet", 45_000],
  ["gradus", 56_600],
  ["self-normalizing", 57_400],
])("the program startup/%s.ts is at most %i bytes, gzipped", async (name, most) => {
  const { gzipped } = await startup(name);
  expect(gzipped).toBeGreaterThan(0.9 * most);
  expect(gzipped).toBeLessThanOrEqual(most);
});

test("docs/browsers.md has the sizes of these programs, to a tenth", async () => {
  const page = readFileSync(new URL("../../docs/browsers.md", import.meta.url), "utf8");
  const rows = {
    gradus: /minified by Vite \| (\d+) kB/,
    "self-normalizing": /AlphaDropout and Adam \| (\d+) kB/,
    plain: /without the engine \| (\d+) kB/,
    lenet: /LeNet, the same way \| (\d+) kB/,
  };
  for (const [name, row] of Object.entries(rows)) {
    const { gzipped } = await startup(name);
    expect(Math.abs(gzipped / 1000 / Number(row.exec(page)?.[1]) - 1), name).toBeLessThan(0.1);
  }
});
