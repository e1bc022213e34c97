/** Programs that use the packed packages as a user's project does. */

/** The names of gradus that the programs that train XOR import. */
const NAMES = `{
  Adam, blockedProduct, createRng, crossEntropy, Dense, Dataset, evaluate, fit, hashTensors, namedParameters, namedTensors,
  Sequential, simdSupported, tanh, tensor, useProduct,
}`;

/** The rest of the program, which ends with `digest`: the same in every host and every way to import. */
const TRAIN = `
const rng = createRng("xor");
const inputs = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const data = new Dataset({ inputs, targets: [0, 1, 1, 0], classes: 2 });
const net = new Sequential(new Dense(2, 8, { rng }), tanh, new Dense(8, 2, { rng }));
const optimizer = new Adam(namedParameters(net), { learningRate: 0.05 });
await fit(net, data, { optimizer, loss: crossEntropy, epochs: 100, batchSize: 4, rng });
const { accuracy } = evaluate(net, data, { loss: crossEntropy });
if (accuracy !== 1) throw new Error("XOR was not learned: accuracy " + accuracy);
if (inputs.sum().item() !== 4) throw new Error("methods of Tensor compute something else");
if (simdSupported() && useProduct(blockedProduct) === blockedProduct) throw new Error("the engine is not on");
const digest = hashTensors(namedTensors(net));
`;

/** `import … from "gradus"`. It compiles as TypeScript too. */
export const imported = `import ${NAMES} from "gradus";\n${TRAIN}console.log(digest);\n`;

/** Imports no name of the engine, which must be on nevertheless. */
export const engineUnnamed = `import { blockedProduct, useProduct } from "gradus";
if (useProduct(blockedProduct) === blockedProduct) throw new Error("the engine is not on");
`;

/** `require("gradus")`, in a CommonJS file. */
export const required = `const ${NAMES} = require("gradus");
(async () => {
${TRAIN}console.log(digest);
})();
`;

/** As TypeScript writes it. */
export const requiredTyped = `import gradus = require("gradus");
const x: gradus.Tensor = gradus.tensor([1, 2]);
const total: number = x.sum().item();
// @ts-expect-error: methods are typed
x.sum({ axis: 0 });
if (total !== 3) throw new Error();
`;

/** A module whose `run` trains, tries two threads, and returns what it found. @param from what it imports. */
export const telling = (from: string): string => `import * as gradus from ${JSON.stringify(from)};
const ${NAMES} = gradus;
export async function run() {
  const warnings = [];
  const { warn } = console;
  console.warn = (text) => void warnings.push(text);
  try {
    ${TRAIN}
    const threads = await gradus.threads(2).catch(String);
    await gradus.threads(1);
    return { digest, simd: simdSupported(), threads, warnings };
  } catch (error) {
    return { digest: String(error) };
  } finally {
    console.warn = warn;
  }
}
`;

/** What such a module returns. */
export interface Told {
  readonly digest: string;
  /** Whether the engine runs. */
  readonly simd?: boolean;
  /** What `threads(2)` gave: a number, or the text of its error. */
  readonly threads?: number | string;
  readonly warnings?: readonly string[];
}

/** Runs such a module, run.js, in a page and in a worker of it, worker.js. */
export const inPageAndWorker = `import { run } from "./run.js";
const page = await run();
const worker = await new Promise((resolve) => {
  const other = new Worker("worker.js", { type: "module" });
  other.onmessage = ({ data }) => resolve(data);
  other.onerror = ({ message }) => resolve({ digest: "the worker was not loaded: " + message });
});
await fetch("answer", { method: "POST", body: JSON.stringify({ page, worker }) });
`;
export const inWorker = `import { run } from "./run.js";\npostMessage(await run());\n`;

/** A worker of Cloudflare that answers with what such a module returns. */
export const inWorkerd = `import { run } from "./run.js";
export default { fetch: async () => Response.json(await run()) };
`;

/** A test of Jest that writes it to a file. */
export const inJest = `import { writeFileSync } from "node:fs";
import { run } from "./run.js";
test("gradus trains", async () => {
  expect(typeof document).toBe("object");
  writeFileSync("told.json", JSON.stringify(await run()));
});
`;

/** A module for a page, with `answer` in its last statement: the digest, or the error. */
export const onPage = (last: string): string => `let answer;
try {
  const ${NAMES} = await import("gradus");
  ${TRAIN}  answer = digest;
} catch (error) {
  answer = String(error);
}
${last}
`;

/** The smaller packages, with a training loop written out. */
export const scoped = `
import { backward, createRng, crossEntropy, ops, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { loadWeights, saveWeights } from "@gradus/io";
import { Dense, layerOps, namedParameters, SELU, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { evaluate } from "@gradus/train";

const rng = createRng(1);
const net = new Sequential(new Dense(2, 8, { rng: rng.split("hidden") }), new SELU(), new Dense(8, 2, { rng: rng.split("out") }));
const adam = new Adam(namedParameters(net), { learningRate: 0.05 });
const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const labels = tensor([0, 1, 1, 0]);
let loss = Number.POSITIVE_INFINITY;
for (let step = 0; step < 200; step++) {
  const value = crossEntropy(net.forward(x).mul(1), labels);
  adam.step(backward(value));
  loss = value.item();
}
if (!(loss < 0.05)) throw new Error("XOR was not learned: loss " + loss);
loadWeights(net, saveWeights(net));
const data = new Dataset({ inputs: Float64Array.from(x.data), inputShape: [2], targets: Uint8Array.from(labels.data) });
const result = evaluate(net, data, { loss: crossEntropy });
if (result.accuracy !== 1) throw new Error("accuracy " + result.accuracy);

for (const { spec } of Object.values({ ...ops, ...layerOps })) {
  if ("formula" in spec || "source" in spec) throw new Error(spec.name + " still has its formula or source");
}
`;

/** {@link scoped} with uses that must have types, and ones that must not compile. */
export const scopedTyped = `${scoped}
const shape: readonly number[] = x.matmul(x.transpose()).shape;
// @ts-expect-error: methods are typed
x.sum({ axis: 0 });
// @ts-expect-error: it is left out
const formula: string = ops.relu.spec.formula;
if (shape.length !== 2) throw new Error();
`;

/** The entry for Node, and the gradient checks. */
export const entries = `
import { tensor } from "gradus";
import { csvLog, loadMnist, progressBar, readIdxFile, writeFileAtomically } from "gradus/node";
import { gradcheck } from "gradus/testing";
import { watch } from "gradus/watch";

for (const f of [csvLog, loadMnist, progressBar, readIdxFile, writeFileAtomically]) {
  if (typeof f !== "function") throw new Error("gradus/node lacks something");
}
gradcheck((x) => x.exp(), [tensor([1, 2])]);
const trace = watch(() => tensor([1, 2]).square());
if (trace.events.length !== 1 || !String(trace).includes("square")) throw new Error(String(trace));
`;

/** Every entry of every package that has types, for the oldest compiler. */
export const everyEntry = `import * as gradus from "gradus";
import * as testing from "gradus/testing";
import * as watching from "gradus/watch";
import * as internal from "@gradus/core/internal";
import * as coreTesting from "@gradus/core/testing";
import * as text from "@gradus/core/text";
import * as coreWatch from "@gradus/core/watch";
import * as io from "@gradus/io/internal";
const file: Uint8Array = gradus.saveWeights(new gradus.Dense(1, 1, { rng: gradus.createRng(1) }));
const store: gradus.CheckpointStore = gradus.indexedDbStore("a");
void store.write("a", gradus.saveCheckpoint({}));
testing.gradcheck((x: gradus.Tensor) => x.exp(), [gradus.tensor([1])]);
const trace: watching.Trace<number> = watching.watch(() => 1);
void [file, internal, coreTesting, text, coreWatch, io, trace];
`;

/** Prints the names of the ops that are methods of Tensor. */
export const methods = `import { ops } from "@gradus/core";
console.log(Object.values(ops).flatMap(({ spec }) => ("list" in spec ? [] : spec.name)).join());`;
