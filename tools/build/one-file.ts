/**
 * Bundles the published form of `gradus` into `dist/gradus.js`: one minified ES module that imports nothing, for pages
 * without a bundler and without an import map. A part of the build of that package, after those of all others.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = (name: string): string =>
  fileURLToPath(new URL(`../../packages/gradus/dist/${name}`, import.meta.url));

await build({
  entryPoints: [dist("index.js")],
  outfile: dist("gradus.js"),
  bundle: true,
  format: "esm",
  // Without Node's crypto, which seedrandom asks for elsewhere.
  platform: "browser",
  target: "es2022",
  minify: true,
  charset: "utf8", // as modules are read
  legalComments: "inline",
  logLevel: "error",
});
