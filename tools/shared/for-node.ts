import type { BuildOptions } from "esbuild";

/** Settings that bundle a program of this repository into one file for Node, from the sources of the packages. */
export const forNode = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "es2022",
  conditions: ["@gradus/source"],
  logLevel: "error",
} satisfies BuildOptions;
