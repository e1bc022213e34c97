/** What becomes of gradus where a global is missing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
// biome-ignore lint/correctness/noUndeclaredDependencies: for the tests beside it
import { expect } from "vitest";
import { TRAIN, withHosts } from "./in-host.ts";

/** Globals of ECMAScript 2022 that every engine has. All others are of the host, or left to it. */
const LANGUAGE = new Set(
  `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error Float32Array Float64Array
  Function Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise Proxy RangeError RegExp Set
  String Symbol TypeError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet globalThis isFinite isNaN undefined`.split(
    /\s+/,
  ),
);

/** Tried also if no source has the word. */
const ALWAYS =
  `Atomics Blob CompressionStream DecompressionStream FinalizationRegistry MessageChannel SharedArrayBuffer
  TextDecoder TextEncoder URL WeakRef WebAssembly console crypto fetch indexedDB navigator performance process
  queueMicrotask setImmediate setTimeout structuredClone`.split(/\s+/);

/** Trains a small net for one epoch. */
const fit = (options: string, rows = 2): string => `
  const { createRng, crossEntropy, Dataset, Dense, fit, namedParameters, ones, SGD } = gradus;
  const net = new Dense(2, 2, { rng: createRng(2) });
  const data = new Dataset({ inputs: ones([${rows}, 2]), targets: new Uint8Array(${rows}), classes: 2 });
  const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
  const history = await fit(net, data, { optimizer, loss: crossEntropy, epochs: 1, batchSize: 20, rng: createRng(3), ${options} });
`;

/** Uses of gradus; FILE, PACKED and FOLDER are defined by the test. */
const uses = {
  train: TRAIN,
  "train for long": `${fit("", 8_000)} return history.epochs.length;`,
  save: "return [...gradus.saveWeights(new gradus.Dense(2, 2, { rng: gradus.createRng(1) }))];",
  load: `const net = new gradus.Dense(2, 2, { rng: gradus.createRng(2) });
    gradus.loadWeights(net, FILE);
    return gradus.hashTensors(gradus.namedParameters(net));`,
  csv: `return gradus.readCsv("a,b\\n1,2\\n").columns;`,
  gunzip: "return [...(await gradus.gunzip(PACKED, { limit: 3 }))];",
  checkpoint: fit("checkpoint: { dir: FOLDER }"),
  file: "await gradus.node.writeFileAtomically(FOLDER + '/file', Uint8Array.of(1));",
  "progress bar": `let text = "";
    ${fit("callbacks: [gradus.node.progressBar({ stream: { write: (part) => void (text += part) } })]")}
    return text.length > 0;`,
  indexedDb: 'return gradus.indexedDbStore("a").place;',
  profile: `const f = gradus.compile((x) => x.exp());
    return f.profile(gradus.ones([3])).map(({ name, ms }) => name + (ms >= 0)).join();`,
  release: `const f = gradus.compile((x) => x.exp());
    for (let i = 1; i < 5; i++) f(gradus.ones([i]));
    f.release();
    return f(gradus.ones([3])).toArray();`,
  trap: "return gradus.trapNumerics(() => gradus.tensor([1]).log().item());",
  gradcheck: "gradus.gradcheck((x) => x.exp(), [gradus.tensor([1, 2])]);",
  threads: "const n = await gradus.threads(2); await gradus.threads(1); return n;",
} as const;

/** The uses that need a global, with the message of the error that each then throws. */
export const NEEDS: Readonly<Record<string, Partial<Record<string, RegExp>>>> = {
  TextEncoder: { save: /no TextEncoder/, checkpoint: /no (TextEncoder|folders)/ },
  TextDecoder: { load: /no TextDecoder/ },
  SharedArrayBuffer: { threads: /no SharedArrayBuffer/ },
  Atomics: { threads: /no Atomics/ },
  process: { threads: /no Worker/, checkpoint: /no folders/, file: /no folders/ },
};

/**
 * Deletes globals one by one, and all at once, before gradus is imported. Each use must work as usual or, if it needs the
 * global, throw an error that says so.
 *
 * @param some the globals to try; without it all that a source has the word of.
 */
export async function expectOnlyNeedsHurt(some?: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gradus-globals-"));
  let count = 0;
  try {
    await withHosts(async (run, bundle) => {
      const without = (names: readonly string[], file: readonly number[]) =>
        run(
          `const FOLDER = ${JSON.stringify(join(folder, `${count++}`))};
          const FILE = Uint8Array.of(${file});
          const PACKED = Uint8Array.of(${[...gzipSync(Uint8Array.of(1, 2, 3))]});
          for (const name of ${JSON.stringify(names)}) {
            if (!delete globalThis[name]) throw new Error(name + " stays");
          }`,
          uses,
        );
      const { value } = (await without([], [])).outcomes.save as { value: number[] };
      const { outcomes: usual } = await without([], value);
      expect(usual.train).toEqual({ value: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(Object.entries(usual).filter(([, outcome]) => "error" in outcome)).toEqual([
        ["indexedDb", { error: expect.stringContaining("no IndexedDB here"), ours: true }],
      ]);

      const words = new Set(bundle.match(/[\w$]+/g));
      const used = Object.getOwnPropertyNames(globalThis).filter(
        (name) => words.has(name) && !LANGUAGE.has(name),
      );
      const names = [...new Set([...used, ...ALWAYS])];
      const tries = [...(some ?? names).map((name) => [name]), names];
      await Promise.all(
        tries.map(async (missing) => {
          const what = missing.length > 1 ? "all" : missing[0];
          const { outcomes, warnings } = await without(missing, value);
          const needs = Object.assign({}, ...missing.map((name) => NEEDS[name] ?? {}));
          // Where there is no WebAssembly, there is one thread, whatever else is missing.
          if (missing.includes("WebAssembly")) needs.threads = undefined;
          for (const [use, outcome] of Object.entries(outcomes)) {
            const error = needs[use] && { error: expect.stringMatching(needs[use]), ours: true };
            const one = use === "threads" && missing.includes("WebAssembly") && { value: 1 };
            expect([what, use, outcome]).toEqual([what, use, error || one || usual[use]]);
          }
          expect([what, warnings.length]).toEqual([what, missing[0] === "WebAssembly" ? 1 : 0]);
        }),
      );
      expect(names).toEqual(
        expect.arrayContaining(["MessageChannel", "TextDecoder", "process", "setImmediate"]),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
