/** Bundles the job into one script, the same for every engine. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The script as text: it needs no module system and only the API of the language. */
export async function bundle(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("job.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    // For browsers, because then seedrandom does not import Node's crypto: the script also runs in a bare shell.
    platform: "browser",
    target: "es2022",
    conditions: ["@gradus/source"],
    logLevel: "error",
  });
  return result.outputFiles[0].text;
}
