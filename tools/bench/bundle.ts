/** Bundles contestants and small programs into single files, which run and are measured as users would ship them. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { defaultClientConditions, type Plugin, type Rolldown, build as viteBuild } from "vite";
import { forBundlers } from "../build/for-bundlers.ts";
import { forNode } from "../shared/for-node.ts";

export const BENCH = fileURLToPath(new URL(".", import.meta.url));
const CACHE = "node_modules/.cache/gradus-bench";
/** Lets CommonJS packages in a bundle require Node's modules. */
const REQUIRE = {
  js: 'import { createRequire as require_ } from "node:module"; const require = require_(import.meta.url);',
};

/** The bundle of a script, in its folder; packages that are not of gradus are not bundled. */
export async function bundleContestant(script: string): Promise<string> {
  const peer = dirname(script) === "peers";
  const folder = peer ? join(BENCH, "peers") : BENCH;
  const outfile = join(folder, CACHE, basename(script).replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [join(BENCH, script)],
    outfile,
    ...forNode,
    ...(peer && { packages: "external" as const }),
    banner: REQUIRE,
  });
  return outfile;
}

/** Bytes of a bundle for browsers. */
export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

export interface Program extends Size {
  /** Its path. */
  readonly path: string;
}

/** A minified program: its size for browsers, and the path of its form for Node. */
export async function bundleProgram(script: string): Promise<Program> {
  const folder = dirname(script) === "peers" ? join(BENCH, "peers") : BENCH;
  const path = join(folder, CACHE, basename(script).replace(/\.ts$/, ".min.mjs"));
  await build({
    entryPoints: [join(BENCH, script)],
    outfile: path,
    ...forNode,
    minify: true,
    // ES modules where packages have them, as for browsers.
    mainFields: ["module", "main"],
    banner: REQUIRE,
    plugins: [
      { name: "published", setup: ({ onLoad }) => onLoad({ filter: OURS }, ({ path }) => load(path)) },
    ],
  });
  return { path, ...(await bundleForBrowsers(join(BENCH, script))) };
}

/** All exports of some packages, as one bundle for browsers. */
export async function bundleLibrary(packages: readonly string[], peer: boolean): Promise<Size> {
  const exported = packages.map((name, i) => `export * as p${i} from ${JSON.stringify(name)};`).join("\n");
  return await bundleForBrowsers(join(BENCH, peer ? "peers" : ".", "everything.ts"), exported);
}

const OURS = /packages[/\\][a-z]+[/\\]src[/\\].*\.ts$/;

/** A source file in its published form. */
async function load(path: string): Promise<{ contents: string; loader: "js" }> {
  const { code } = await transform(readFileSync(path, "utf8"), { loader: "ts", target: "es2022" });
  return { contents: forBundlers(code, path), loader: "js" };
}

/** The size of Vite's bundle of a script, or of the text of a script. */
async function bundleForBrowsers(path: string, text?: string): Promise<Size> {
  const published: Plugin = {
    name: "published",
    enforce: "pre",
    resolveId: (id) => (id === path ? id : null),
    load: async (id) => {
      if (id === path && text !== undefined) return text;
      return OURS.test(id) ? { code: (await load(id)).contents, moduleType: "js" } : null;
    },
  };
  const built = await viteBuild({
    configFile: false,
    root: dirname(path),
    logLevel: "error",
    resolve: { conditions: ["@gradus/source", ...defaultClientConditions] },
    plugins: [published],
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input: path, preserveEntrySignatures: "exports-only", external: [/^node:/] },
    },
  });
  const outputs = [built].flat() as Rolldown.RolldownOutput[];
  const chunks = outputs.flatMap(({ output }) =>
    output.flatMap((chunk) => ("code" in chunk ? chunk.code : [])),
  );
  return chunks.map((code) => sizeOf(Buffer.from(code))).reduce(add);
}

export function sizeOf(bytes: Uint8Array): Size {
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

export function add(a: Size, b: Size): Size {
  return { minified: a.minified + b.minified, gzipped: a.gzipped + b.gzipped };
}
