/** One script of the job and all it needs, the same for every engine. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The script as text: it needs no module system and no API but the language's own. */
export async function bundle(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("job.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    // What runs in a browser runs in a bare shell too: seedrandom then leaves out Node's crypto.
    platform: "browser",
    target: "es2022",
    conditions: ["@gradus/source"],
    logLevel: "error",
  });
  return result.outputFiles[0].text;
}
