/** The contestants: programs and their scripts. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isExecutable, onPath, versionOf } from "../shared/processes.ts";
import { BENCH } from "./bundle.ts";

export interface Contestant {
  readonly id: string;
  readonly name: string;
  readonly float: "float32" | "float64";
  readonly threads: number;
  /** The gradus contestant that its ratio is relative to. */
  readonly against: string;
  /** The script and its arguments. */
  readonly script: string;
  readonly args: readonly string[];
  /** The program that runs the script, or the reason why it is missing and how to install it. */
  find(): Promise<Found>;
  readonly env?: Readonly<Record<string, string>>;
}

export type Found = { readonly command: readonly string[] } | { readonly missing: string };

/** The number of threads of gradus. */
const ALL = 2;

const compiled = (threads: number): string => `gradus-compiled-${threads}`;

export const contestants: readonly Contestant[] = [
  ...["compiled", "eager"].flatMap((way) => [1, ALL].map((threads) => gradus(way, threads))),
  peer({ id: "tfjs-cpu", name: "tfjs cpu", script: "peers/tfjs.ts", args: ["cpu"] }),
  peer({ id: "tfjs-wasm", name: "tfjs wasm", script: "peers/tfjs.ts", args: ["wasm"] }),
  peer({ id: "jax-js-f32", name: "jax-js wasm", script: "peers/jax-js.ts", args: ["f32"] }, findNode24),
  {
    ...peer({ id: "jax-js-f64", name: "jax-js wasm", script: "peers/jax-js.ts", args: ["f64"] }, findNode24),
    float: "float64",
  },
  peer({ id: "brain.js", name: "brain.js", script: "peers/brain.ts", args: [] }),
  ...[1, ALL].map(torch),
];

function gradus(way: string, threads: number): Contestant {
  return {
    id: `gradus-${way}-${threads}`,
    name: `gradus ${way}`,
    float: "float64",
    threads,
    against: compiled(threads),
    script: "contestants/gradus.ts",
    args: [way, String(threads)],
    find: async () => ({ command: [process.execPath] }),
  };
}

/** A JavaScript peer; it is compared with gradus on all threads. */
function peer(
  about: Pick<Contestant, "id" | "name" | "script" | "args">,
  findNode: () => Found = () => ({ command: [process.execPath] }),
): Contestant {
  const find = async (): Promise<Found> => (peersInstalled() ? findNode() : { missing: INSTALL });
  return { ...about, float: "float32", threads: 1, against: compiled(ALL), find };
}

function torch(threads: number): Contestant {
  return {
    id: `torch-${threads}`,
    name: "PyTorch",
    float: "float64",
    threads,
    against: compiled(threads),
    script: "peers/pytorch.py",
    args: [String(threads)],
    find: findTorch,
    // OpenBLAS has threads of its own, which PyTorch does not count.
    env: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  };
}

const INSTALL = "not installed: pnpm bench:peers";

function peersInstalled(): boolean {
  return existsSync(join(BENCH, "peers/node_modules/@tensorflow/tfjs-core"));
}

/** jax-js does not load on Node 20. */
function findNode24(): Found {
  if (Number(process.versions.node.split(".")[0]) >= 24) return { command: [process.execPath] };
  for (const folder of ["peers", "../verify-bits/engines"]) {
    try {
      const { resolve } = createRequire(join(BENCH, folder, "package.json"));
      const program = join(dirname(resolve("node-24/package.json")), "bin/node");
      if (isExecutable(program)) return { command: [program] };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return { missing: "needs Node 24: pnpm bench:peers, or run the benchmark with it" };
}

let python: Promise<Found> | undefined;

/** The first Python that has PyTorch: the system's Python may have it when a newer one on the PATH has not. */
function findTorch(): Promise<Found> {
  python ??= (async () => {
    for (const program of new Set(onPaths("python3"))) {
      const version = await versionOf([program, "-c", "import torch; print(torch.__version__)"]);
      if (version !== "unknown") return { command: [program] };
    }
    return { missing: "no python3 with torch: apt install python3-torch libopenblas0-pthread" };
  })();
  return python;
}

function onPaths(name: string): string[] {
  return [onPath(name)?.[0], `/usr/bin/${name}`].filter(
    (path) => path !== undefined && isExecutable(path),
  ) as string[];
}
