/**
 * `pnpm test:browsers`: builds the site and tests it in Chromium and Firefox, as far as they are installed.
 * `--require chromium,firefox` fails for a browser that is missing; `--pictures FOLDER` saves what the pages look like.
 * `--only TEXT` runs the tests whose names have this text; `--times N` runs each so often.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildSite } from "../../build.ts";
import { serveFolder } from "../../serve.ts";
import { budgetTests } from "./budgets.ts";
import { compileTests } from "./compile.ts";
import { type Kind, kinds, launch } from "./driver.ts";
import { galleryTests } from "./gallery.ts";
import { keyboardTests } from "./keyboard.ts";
import { landingTests } from "./landing.ts";
import { pageTests } from "./pages.ts";
import { programTests } from "./programs.ts";
import { sizeTests } from "./sizes.ts";
import { type BrowserTest, type Setting, withPage } from "./test.ts";
import { walkTests } from "./walk.ts";

const { values } = parseArgs({
  options: {
    require: { type: "string" },
    pictures: { type: "string" },
    only: { type: "string", default: "" },
    times: { type: "string", default: "1" },
  },
});
const required = (values.require ?? "").split(",").filter((name) => name !== "");
const unknown = required.find((name) => kinds.every((kind) => kind.name !== name));
if (unknown !== undefined)
  throw new Error(`--require: ${unknown} is no browser of ${kinds.map(({ name }) => name).join(", ")}`);
if (values.pictures !== undefined) mkdirSync(values.pictures, { recursive: true });

let failed = 0;

async function run(title: string, body: () => void | Promise<void>): Promise<void> {
  const start = performance.now();
  let problem: unknown;
  try {
    await body();
  } catch (error) {
    problem = error;
    failed++;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${problem === undefined ? "✓" : "✗"} ${title} (${seconds} s)`);
  if (problem !== undefined)
    console.log(`  ${String((problem as Error).message ?? problem).replaceAll("\n", "\n  ")}`);
}

async function runIn(kind: Kind, folder: string, tests: readonly BrowserTest[]): Promise<void> {
  const program = kind.find();
  if (program === undefined) {
    console.log(`${kind.name} is not installed: left out`);
    if (required.includes(kind.name)) failed++;
    return;
  }
  const browser = await launch(kind, program[0]);
  // Under a path, as on most hosts.
  const server = await serveFolder(folder, "/some/where/");
  try {
    console.log(`\n${await browser.version()}`);
    const setting: Setting = { kind, browser, folder, address: server.address, pictures: values.pictures };
    for (const test of tests.filter(({ name }) => name.includes(values.only))) {
      for (let time = 0; time < Number(values.times); time++)
        await run(`${kind.name}: ${test.name}`, () => withPage(setting, test));
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

const begin = performance.now();
const folder = mkdtempSync(join(tmpdir(), "gradus-site-"));
try {
  await run("the site is built", () => buildSite(folder));
  if (failed === 0) {
    for (const { name, test } of sizeTests) await run(name, () => test(folder));
    for (const kind of kinds)
      await runIn(kind, folder, [
        ...pageTests,
        ...landingTests,
        ...galleryTests,
        ...keyboardTests,
        ...walkTests,
        ...programTests,
        ...compileTests,
        ...budgetTests,
      ]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${((performance.now() - begin) / 1000).toFixed()} s in all`);
if (failed > 0) console.log(`${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
