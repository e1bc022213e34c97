/** The time of small programs from their start to their first XOR step, and their sizes. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../../examples/shared/progress.ts";
import { add, BENCH, bundleLibrary, bundleProgram, type Size, sizeOf } from "./bundle.ts";
import { type Contestant, contestants } from "./contestants.ts";
import type { Absent, Outcome, Times } from "./rounds.ts";

interface Program {
  /** The contestant; another name for a program that only gradus has. */
  readonly id: string;
  readonly script: string;
  readonly args?: readonly string[];
}

const programs: readonly Program[] = [
  { id: "gradus-compiled-1", script: "startup/gradus.ts", args: ["compiled"] },
  { id: "gradus-eager-1", script: "startup/gradus.ts", args: ["eager"] },
  { id: "tfjs-cpu", script: "peers/start-tfjs.ts" },
  { id: "jax-js-f32", script: "peers/start-jax-js.ts" },
  { id: "brain.js", script: "peers/start-brain.ts" },
  { id: "torch-1", script: "peers/start-pytorch.py" },
];

const nothing: Contestant = {
  ...contestants[0],
  id: "node",
  name: "Node, nothing else",
  find: async () => ({ command: [process.execPath] }),
};

interface Ready {
  readonly contestant: Contestant;
  readonly command: readonly string[];
  readonly ms: number[];
}

/** Starts each program in turn, round after round. */
export async function playStartup(
  chosen: readonly Contestant[],
  rounds: number,
  progress: Progress,
): Promise<Outcome> {
  const absent: Absent[] = [];
  let ready: Ready[] = [];
  for (const { id, script, args = [] } of [
    { id: "node", script: "startup/nothing.ts" } as Program,
    ...programs,
  ]) {
    const contestant = id === "node" ? nothing : chosen.find((one) => one.id === id);
    if (contestant === undefined) continue;
    const found = await contestant.find();
    if ("missing" in found) {
      absent.push({ contestant, why: "missing", reason: found.missing });
      continue;
    }
    try {
      const path = script.endsWith(".py") ? join(BENCH, script) : (await bundleProgram(script)).path;
      const command = [...found.command, path, ...args];
      await firstStep(command); // also reads the files into memory
      ready.push({ contestant, command, ms: [] });
    } catch (error) {
      absent.push({ contestant, why: "failed", reason: (error as Error).message });
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of round % 2 === 0 ? ready : [...ready].reverse()) {
      progress(round, rounds, `round ${round + 1}: ${one.contestant.id}`);
      try {
        one.ms.push(await firstStep(one.command));
      } catch (error) {
        absent.push({ contestant: one.contestant, why: "failed", reason: (error as Error).message });
        ready = ready.filter((other) => other !== one);
      }
    }
  }
  progress(rounds, rounds, "");
  return { times: ready.map(summary), absent };
}

function summary({ contestant, ms }: Ready): Times {
  const against = "gradus-compiled-1";
  return { contestant: { ...contestant, against }, about: "", notes: [], ms, rounds: ms, figures: {} };
}

/** Milliseconds from the start of a program to its first line, `first step: …`. */
function firstStep([program, ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    let [seen, stdout, stderr] = [Number.NaN, "", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (Number.isNaN(seen) && stdout.includes("first step: ")) seen = performance.now() - start;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0 && seen > 0) resolve(seen);
      else
        reject(new Error(`ended with ${code}: ${stderr.trim().split("\n").slice(-4).join(" ").slice(-300)}`));
    });
  });
}

export interface SizeRow {
  readonly name: string;
  /** All exports of the packages. */
  readonly library?: Size;
  /** The XOR program, or the program of this name. */
  readonly program?: Size;
}

/** The size of the files that a browser loads. */
export async function measureSizes(): Promise<SizeRow[]> {
  const gradus = [
    {
      name: "gradus core + nn + optim",
      library: await bundleLibrary(["@gradus/core", "@gradus/nn", "@gradus/optim"], false),
      program: await bundleProgram("startup/gradus.ts"),
    },
    {
      name: "gradus, with SELU, AlphaDropout, Adam",
      program: await bundleProgram("startup/self-normalizing.ts"),
    },
  ];
  if (!existsSync(join(BENCH, "peers/node_modules/@tensorflow/tfjs-core"))) return gradus;
  const tfjs = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-layers"];
  const wasm = readFileSync(
    join(BENCH, "peers/node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"),
  );
  const wasmScripts = await bundleLibrary([...tfjs, "@tensorflow/tfjs-backend-wasm"], true);
  return [
    ...gradus,
    {
      name: "tfjs core + layers + cpu",
      library: await bundleLibrary([...tfjs, "@tensorflow/tfjs-backend-cpu"], true),
      program: await bundleProgram("peers/start-tfjs.ts"),
    },
    {
      name: "tfjs core + layers + wasm (SIMD)",
      library: add(wasmScripts, sizeOf(wasm)),
    },
    {
      name: "jax-js",
      library: await bundleLibrary(["@jax-js/jax"], true),
      program: await bundleProgram("peers/start-jax-js.ts"),
    },
    {
      name: "brain.js (with gpu.js)",
      library: await bundleLibrary(["brain.js/dist/browser.js"], true),
      program: await bundleProgram("peers/start-brain.ts"),
    },
  ];
}
