import type { BuildOptions } from "esbuild";

/** How a program of this repository becomes one file for Node: from the sources of the packages, not what was built of them. */
export const forNode = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "es2022",
  conditions: ["@gradus/source"],
  logLevel: "error",
} satisfies BuildOptions;
