/**
 * The packed packages in programs that are no part of the workspace: Parcel with its defaults, Jest with jsdom, Cloudflare's
 * workerd, the oldest TypeScript. `pnpm check:packages:hosts` installs them.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inJest, inWorkerd, type Told, telling } from "./packed-programs.ts";

const manifest = fileURLToPath(new URL("hosts/package.json", import.meta.url));
const { resolve } = createRequire(manifest);

/** Whether they are installed. */
export const hostsInstalled = (): boolean => existsSync(join(manifest, "../node_modules"));

/** Runs a program of Node in a folder. @returns its output. */
export type Run = (args: readonly string[], folder: string, env?: Readonly<Record<string, string>>) => string;

/** Parcel's bundle of a page, run by Node. */
export function bundledByParcel(project: string, run: Run, text: string): string {
  const folder = join(project, "parcel");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html>\n<script type="module" src="page.js"></script>\n',
  );
  writeFileSync(join(folder, "page.js"), text);
  const options = [
    "--no-cache",
    "--no-source-maps",
    "--no-content-hash",
    "--dist-dir",
    "dist",
    "--log-level",
    "error",
  ];
  run([resolve("parcel/lib/bin.js"), "build", "index.html", ...options], folder);
  const [, script] = /src="?\/?([^" >]+)/.exec(readFileSync(join(folder, "dist/index.html"), "utf8")) ?? [];
  return run([join("dist", script ?? "nothing")], folder);
}

/** A test of Jest, with modules, in the environment jsdom. */
export function testedByJest(project: string, run: Run): Told {
  const folder = join(project, "jest");
  mkdirSync(folder);
  writeFileSync(join(folder, "run.js"), telling("gradus"));
  writeFileSync(join(folder, "gradus.test.js"), inJest);
  const config = { testEnvironment: resolve("jest-environment-jsdom"), transform: {} };
  writeFileSync(join(folder, "jest.config.json"), JSON.stringify(config));
  run([resolve("jest/bin/jest"), "--silent", "--no-cache"], folder, {
    NODE_OPTIONS: "--experimental-vm-modules --no-warnings",
  });
  return JSON.parse(readFileSync(join(folder, "told.json"), "utf8")) as Told;
}

interface Miniflare {
  dispatchFetch(url: string): Promise<{ text(): Promise<string> }>;
  dispose(): Promise<void>;
}

/** A worker of workerd, which compiles no WebAssembly from bytes. @param file gradus.js. */
export async function answeredByWorkerd(file: string): Promise<Told> {
  const { Miniflare: Server } = (await import(resolve("miniflare"))) as {
    Miniflare: new (options: object) => Miniflare;
  };
  const modules = Object.entries({
    "worker.js": inWorkerd,
    "run.js": telling("./gradus.js"),
    "gradus.js": readFileSync(file, "utf8"),
  }).map(([path, contents]) => ({ type: "ESModule", path, contents }));
  const server = new Server({ modules, compatibilityDate: "2025-01-01" });
  try {
    return JSON.parse(await (await server.dispatchFetch("http://localhost/")).text()) as Told;
  } finally {
    await server.dispose();
  }
}

/** The least TypeScript that the README names: its version, and its compiler. */
export function leastTypeScript(): { readonly version: string; readonly tsc: string } {
  const { version } = createRequire(manifest)("typescript-least/package.json") as { version: string };
  return { version, tsc: resolve("typescript-least/lib/tsc.js") };
}
