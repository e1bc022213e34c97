import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(`${root}README.md`, "utf8");

/** The bundle of gradus for these engines: what they lack is replaced. */
async function bundledFor(target: string | string[]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}packages/gradus/src/index.ts`],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["@gradus/source"],
    target,
    // esbuild does not know for which of these properties an engine is too old; \p{Surrogate} is of 2018.
    supported: { "regexp-unicode-property-escapes": true },
  });
  return outputFiles[0].text;
}

/** The versions that the README names, as esbuild writes them. */
function namedVersions(): string[] {
  const [, chrome, firefox, safari] =
    /Chrome and Edge (\d+), Firefox (\d+) and Safari ([\d.]+)/.exec(readme) ?? [];
  return [`chrome${chrome}`, `edge${chrome}`, `firefox${firefox}`, `safari${safari}`];
}

test("the browsers that the README names have all the syntax of the sources", async () => {
  const asWritten = await bundledFor("esnext");
  expect((await bundledFor(namedVersions())) === asWritten).toBe(true);
  // An older language lacks some of it: private names.
  expect((await bundledFor("es2021")) === asWritten).toBe(false);
});

test("the TypeScript that the README names is the one that check:packages compiles with", () => {
  const manifest = readFileSync(`${root}tools/build/hosts/package.json`, "utf8");
  const [, named] = /TypeScript (\d+\.\d+) or newer/.exec(readme) ?? [];
  expect(manifest).toContain(`"typescript-least": "npm:typescript@${named}"`);
});
