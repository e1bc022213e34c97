/**
 * Installs the packed tarballs into an empty npm project outside the workspace and uses them there in every way of a
 * user: from modules and CommonJS in Node, bundled by Vite and Parcel, on pages without a bundler, under a Content Security
 * Policy, in Jest and workerd, from the oldest and a recent TypeScript. Run by `pnpm check:packages`; what needs a browser
 * or `pnpm check:packages:hosts` is left out, and named, where that is not installed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { methodComplaints } from "./editor-view.ts";
import {
  answeredByWorkerd,
  bundledByParcel,
  hostsInstalled,
  leastTypeScript,
  type Run,
  testedByJest,
} from "./packed-hosts.ts";
import { headOf, showOneFilePage, trainOnPage } from "./packed-page.ts";
import { trainUnderPolicies } from "./packed-policies.ts";
import * as programs from "./packed-programs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "gradus-packed-"));

const run = (command: string, args: readonly string[], cwd: string = project): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();

/** Runs a program as a file of this name. */
function runFile(name: string, text: string): string {
  writeFileSync(join(project, name), text);
  return run(process.execPath, [name]);
}

/** Packs all packages and installs them. @returns their number. */
function install(): number {
  for (const name of readdirSync(join(root, "packages"))) {
    run("pnpm", ["pack", "--pack-destination", project], join(root, "packages", name));
  }
  const tarballs = readdirSync(project).filter((file) => file.endsWith(".tgz"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module" }),
  );
  const files = tarballs.map((file) => `./${file}`);
  run("npm", ["install", "--no-audit", "--no-fund", "typescript@5.9", ...files]);
  return tarballs.length;
}

/** Runs Vite's bundle of a program. It must contain the methods of Tensor and the engine, though no import names them. */
async function runBundled(program: string): Promise<string> {
  await build({
    configFile: false,
    root: project,
    logLevel: "error",
    build: {
      outDir: "bundled",
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: program, output: { entryFileNames: "bundled.mjs" } },
    },
  });
  return run(process.execPath, ["bundled/bundled.mjs"]);
}

/** An error of it has the output for errors in its message. */
const node: Run = (args, folder, env) =>
  execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

/** Compiles files as users do, with each way to look up modules. */
function compile(
  files: readonly string[],
  ways: readonly [module: string, resolution: string][],
  tsc: string = "node_modules/typescript/lib/tsc.js",
): void {
  for (const [module, resolution] of ways) {
    const options = ["--module", module, "--moduleResolution", resolution];
    run(process.execPath, [tsc, "--noEmit", "--strict", "--target", "es2022", ...options, ...files]);
  }
}

/** Programs of others. @returns the digests. @throws Error if the plain loops do not run where they must. */
async function inOtherPrograms(file: string): Promise<readonly (readonly [way: string, digest: string])[]> {
  const jest = testedByJest(project, node);
  const workerd = await answeredByWorkerd(file);
  const warned = workerd.warnings?.length === 1 && workerd.threads === 1 && workerd.simd === false;
  if (!warned) throw new Error(`workerd: ${JSON.stringify(workerd)}`);
  return [
    ["a bundle of Parcel", bundledByParcel(project, node, programs.imported)],
    ["a test of Jest with jsdom", jest.digest],
    ["a worker of workerd", workerd.digest],
  ];
}

try {
  const count = install();

  // All ways to import gradus train the same net to the same bits.
  const digests = new Map([
    ["import in Node", runFile("imported.mjs", programs.imported)],
    ["require in Node", runFile("required.cjs", programs.required)],
    ["a bundle of Vite", await runBundled("imported.mjs")],
  ]);
  const { answer, host } = await trainOnPage(
    project,
    headOf(readFileSync(join(root, "packages/gradus/README.md"), "utf8")),
  );
  digests.set(`a page with an import map (${host})`, answer);
  const oneFile = join(project, "node_modules/gradus/dist/gradus.js");
  digests.set(
    "gradus.js in Node",
    runFile("one-file.mjs", programs.imported.replace('"gradus"', JSON.stringify(oneFile))),
  );
  const notTried: string[] = [];
  const documented = /`gradus.js`, all packages \| (\d+) kB/.exec(
    readFileSync(join(root, "docs/browsers.md"), "utf8"),
  )?.[1];
  const size = gzipSync(readFileSync(oneFile), { level: 9 }).length / 1000;
  if (!(Math.abs(size / Number(documented) - 1) < 0.1)) {
    throw new Error(`gradus.js is ${size} kB, gzipped, docs/browsers.md says ${documented}`);
  }
  const shown = await showOneFilePage(project, readFileSync(join(root, "docs/browsers.md"), "utf8"));
  if (shown === undefined) notTried.push("the page of docs/browsers.md: Chromium");
  else if (shown !== "accuracy: 1") throw new Error(`the page of docs/browsers.md shows ${shown}`);
  for (const [place, given] of await trainUnderPolicies(project, oneFile)) {
    if (given === undefined) notTried.push(place);
    else digests.set(place, given);
  }
  if (hostsInstalled()) for (const [way, given] of await inOtherPrograms(oneFile)) digests.set(way, given);
  else notTried.push("Parcel, Jest, workerd, the oldest TypeScript: pnpm check:packages:hosts installs them");
  const digest = digests.get("import in Node") ?? "";
  for (const [way, given] of digests) {
    if (!/^[0-9a-f]{64}$/.test(given) || given !== digest) {
      throw new Error(`${way} gives ${given}, not ${digest}`);
    }
  }

  runFile("entries.mjs", programs.entries);
  runFile("scoped.mjs", programs.scoped);
  await runBundled("scoped.mjs");
  runFile("engine-unnamed.mjs", programs.engineUnnamed);
  await runBundled("engine-unnamed.mjs");

  writeFileSync(join(project, "scoped.ts"), programs.scopedTyped);
  writeFileSync(join(project, "imported.ts"), programs.imported);
  writeFileSync(join(project, "required.cts"), programs.requiredTyped);
  compile(
    ["scoped.ts", "imported.ts"],
    [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ],
  );
  compile(["required.cts"], [["nodenext", "nodenext"]]);
  const least = hostsInstalled() ? leastTypeScript() : undefined;
  if (least) {
    writeFileSync(join(project, "every-entry.ts"), programs.everyEntry);
    const lookUp: [string, string][] = [
      ["commonjs", "node"],
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ];
    compile(["every-entry.ts", "scoped.ts"], lookUp, least.tsc);
  }

  const methods = run(process.execPath, ["--input-type=module", "--eval", programs.methods]).split(",");
  const complaints = methodComplaints(project, methods);
  if (methods.length < 80 || complaints.length > 0)
    throw new Error(`methods of Tensor: ${complaints.join("\n")}`);
  console.log(`The ${count} packed packages install, and gradus trains to the same bits by`);
  for (const way of digests.keys()) console.log(`- ${way}`);
  if (least)
    console.log(
      `The declarations compile with TypeScript ${least.version}, by exports and by main and types.`,
    );
  for (const what of notTried) console.log(`Not tried, as not installed: ${what}`);
} finally {
  rmSync(project, { recursive: true, force: true });
}
