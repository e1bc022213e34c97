import { createRng, crossEntropy, mse, sigmoid, type Tensor, tanh, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { AlphaDropout, Dense, namedParameters, SELU, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { type FitOptions, fit } from "@gradus/train";
import { presets } from "../../../examples/mnist/presets.ts";
// biome-ignore lint/style/noRestrictedImports: it is not exported; what it imports is loaded once
import { ownCode } from "../../../packages/train/src/own-code.ts";

declare const performance: { now(): number };

const ROUNDS = 25;

/** A training whose check is timed. */
interface Subject {
  readonly name: string;
  readonly data: Dataset;
  readonly batchSize: number;
  /** The epochs of one round. */
  readonly epochs: number;
  readonly loss: (y: Tensor, t: Tensor) => Tensor;
  net(): Sequential;
  optimizer(net: object): FitOptions["optimizer"];
}

const rng = createRng("check");

const xor = (batchSize: number): Subject => ({
  name: `XOR: 2-4-1, 4 rows, batches of ${batchSize}`,
  data: new Dataset({
    inputs: tensor([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]),
    targets: tensor([0, 1, 1, 0], [4, 1]),
  }),
  batchSize,
  epochs: 200,
  loss: mse,
  net: () => new Sequential(new Dense(2, 4, { rng }), tanh, new Dense(4, 1, { rng }), sigmoid),
  optimizer: (net) => new SGD(namedParameters(net), { learningRate: 0.1 }),
});

/** The preset of examples/mnist with fewer rows: the steps of an epoch are alike. */
const keras = (rows: number): Subject => ({
  name: "keras: 784-512-512-10, batches of 128",
  data: new Dataset({
    inputs: rng.uniform([rows, 784]),
    targets: Uint8Array.from({ length: rows }, (_, i) => i % 10),
    classes: 10,
  }),
  batchSize: presets.keras.batchSize,
  epochs: 1,
  loss: crossEntropy,
  net: () => presets.keras.net(rng),
  optimizer: (net) => presets.keras.optimizer(namedParameters(net), 0),
});

/** The same ops on tiny tensors: how long they take to trace does not depend on the sizes, and is seen better. */
const narrow = (full: Subject): Subject => ({
  ...full,
  data: new Dataset({ inputs: rng.uniform([4, 4]), targets: Uint8Array.of(0, 1, 0, 1), classes: 2 }),
  batchSize: 4,
  epochs: 100,
  net: () =>
    new Sequential(
      ...[0, 1].flatMap(() => [new Dense(4, 4, { rng }), new SELU(), new AlphaDropout(0.1)]),
      new Dense(4, 2, { rng }),
    ),
});

/**
 * Times what `fit` spends to see whether net and loss still do the same, and prints a table. The last columns are the time that a
 * step takes longer with a loss of the program, of which most is the loss itself: its ops run in JavaScript.
 */
export async function checkCost(): Promise<void> {
  console.log(`microseconds of a step; the least of ${ROUNDS} rounds, in turn\n`);
  console.log("| net | step of `fit` | comparing fields | running `(y, t) => loss(y, t)` | … `.mul(beta)` |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  const full = keras(384);
  for (const [subject, small] of [
    [xor(4), xor(4)],
    [xor(1), xor(1)],
    [full, narrow(full)],
  ]) {
    const { loss } = subject;
    const state = ownCode(subject.net());
    const written = (y: Tensor, t: Tensor): Tensor => loss(y, t);
    const beta = 0.5;
    const times = (y: Tensor, t: Tensor): Tensor => loss(y, t).mul(beta);
    const rounds: (readonly number[])[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push([
        await step(subject, loss),
        comparison(state),
        await step(small, loss),
        await step(small, written),
        await step(small, times),
      ]);
    }
    const [whole, fields, own, ...more] = rounds[0].map((_, i) => Math.min(...rounds.map((of) => of[i])));
    const share = (time: number): string => `${time.toFixed(1)} (${((100 * time) / whole).toFixed(1)} %)`;
    const shares = [fields, ...more.map((time) => time - own)].map(share);
    console.log(`| ${subject.name} | ${whole.toFixed(1)} | ${shares.join(" | ")} |`);
  }
}

/** Microseconds of a step of `fit`, with its share of the epoch. */
async function step(subject: Subject, loss: Subject["loss"]): Promise<number> {
  const { data, batchSize, epochs } = subject;
  const net = subject.net();
  const options = { optimizer: subject.optimizer(net), loss, epochs, batchSize, rng, metrics: {} };
  const start = performance.now();
  await fit(net, data, options);
  return (1000 * (performance.now() - start)) / epochs / Math.ceil(data.size / batchSize);
}

/** Microseconds of one look at the fields of a net. */
function comparison(state: () => number | null): number {
  const calls = 200;
  const start = performance.now();
  for (let i = 0; i < calls; i++) state();
  return (1000 * (performance.now() - start)) / calls;
}
