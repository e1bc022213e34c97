/** The training as a program of its own, started, watched and killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { forNode } from "../shared/for-node.ts";

/** Bundles the training into one file, so that it starts fast. @returns its path. */
export async function bundleTraining(folder: string): Promise<string> {
  const outfile = join(folder, "training.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("training.ts", import.meta.url))],
    outfile,
    ...forNode,
  });
  return outfile;
}

/** The outcome of a training. */
export interface Ending {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** The digest of the weights, if it finished. */
  readonly digest: string | undefined;
  readonly errors: string;
  readonly ms: number;
}

/**
 * Runs the training in a folder.
 *
 * @param disturb is called when training begins, to cause a fault of the process or the folder.
 */
export function runTraining(
  program: string,
  dir: string,
  disturb?: (child: ChildProcess) => void,
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [program, dir], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output === "" && disturb) disturb(child);
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const digest = /^[0-9a-f]{64}$/m.exec(output)?.[0];
      resolve({ signal, code, digest, errors, ms: performance.now() - start });
    });
  });
}
