/** brain.js, float32, on the CPU. Uses its bundle for browsers, because the one for Node needs a native package. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import brain from "brain.js/dist/browser.js";
import { type Prepared, serve, Unsupported } from "../contestants/serve.ts";

const main = createRequire(import.meta.url).resolve("brain.js");
const { version } = JSON.parse(readFileSync(new URL("../package.json", `file://${main}`), "utf8"));

const rows = [
  { input: [0, 0], output: [0] },
  { input: [0, 1], output: [1] },
  { input: [1, 0], output: [1] },
  { input: [1, 1], output: [0] },
];

await serve(({ kind, loss, net: { sizes, activation }, optimizer }): Prepared => {
  if (kind !== "step" || loss !== "mse") throw new Unsupported("has neither SELU nor batches");
  const net = new brain.NeuralNetwork({
    inputSize: sizes[0],
    hiddenLayers: sizes.slice(1, -1),
    outputSize: sizes[sizes.length - 1],
    activation,
  });
  return {
    about: `Node ${process.versions.node}, brain.js ${version}`,
    note: "an update after each row",
    run: (iterations) => {
      net.train(rows, {
        iterations,
        learningRate: optimizer.learningRate,
        momentum: 1e-9, // it refuses 0, for both
        errorThresh: 1e-30,
        errorCheckInterval: iterations, // the error costs extra: it is computed once
      });
    },
  };
});
