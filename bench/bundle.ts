/** Contestants and small programs as single files, so that they run, and are measured, as what a user would ship. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Plugin, transform } from "esbuild";
import { stripSamples } from "../scripts/strip-samples.ts";

export const BENCH = fileURLToPath(new URL(".", import.meta.url));
const CACHE = "node_modules/.cache/gradus-bench";
/** CommonJS packages inside of a bundle ask for Node's modules. */
const REQUIRE = {
  js: 'import { createRequire as require_ } from "node:module"; const require = require_(import.meta.url);',
};

/** A script's bundle, beside the packages of its folder: what is not ours stays outside of it. */
export async function bundleContestant(script: string): Promise<string> {
  const peer = dirname(script) === "peers";
  const folder = peer ? join(BENCH, "peers") : BENCH;
  const outfile = join(folder, CACHE, basename(script).replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [join(BENCH, script)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    conditions: ["@gradus/source"],
    ...(peer && { packages: "external" as const }),
    banner: REQUIRE,
    logLevel: "error",
  });
  return outfile;
}

/** Bytes of a bundle for browsers. */
export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

export interface Program extends Size {
  /** Where it lies, to be run. */
  readonly path: string;
}

/** A minified program: its size for browsers, and beside it the same for Node, to be run. */
export async function bundleProgram(script: string): Promise<Program> {
  const folder = dirname(script) === "peers" ? join(BENCH, "peers") : BENCH;
  const entryPoints = [join(BENCH, script)];
  const path = join(folder, CACHE, basename(script).replace(/\.ts$/, ".min.mjs"));
  mkdirSync(dirname(path), { recursive: true });
  // ES modules where packages have them, as for browsers.
  writeFileSync(
    path,
    await minify({ entryPoints, platform: "node", mainFields: ["module", "main"], banner: REQUIRE }),
  );
  return { path, ...sizeOf(await minify({ entryPoints })) };
}

/** All that some packages export, as one bundle for browsers. */
export async function bundleLibrary(packages: readonly string[], peer: boolean): Promise<Size> {
  const contents = packages.map((name, i) => `export * as p${i} from ${JSON.stringify(name)};`).join("\n");
  return sizeOf(await minify({ stdin: { contents, resolveDir: peer ? join(BENCH, "peers") : BENCH } }));
}

/** Our sources without what the published packages leave out. */
const published: Plugin = {
  name: "published",
  setup({ onLoad }) {
    onLoad({ filter: /packages[/\\][a-z]+[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "ts", target: "es2022" });
      return { contents: stripSamples(code), loader: "js" };
    });
  },
};

async function minify(options: BuildOptions): Promise<Uint8Array> {
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@gradus/source"],
    external: ["node:*"],
    logLevel: "error",
    plugins: [published],
    ...options,
  });
  return outputFiles?.[0].contents ?? new Uint8Array();
}

export function sizeOf(bytes: Uint8Array): Size {
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}
