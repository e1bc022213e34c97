import { backward, createRng, crossEntropy, gelu, hashTensors, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { compile } from "@gradus/engine";
import { loadWeights, saveWeights } from "@gradus/io";
import {
  Dense,
  Embedding,
  LayerNorm,
  LearnedPositions,
  layerOutputs,
  namedLayers,
  namedParameters,
  Sequential,
  TransformerBlock,
} from "@gradus/nn";
import { Adam, AdamW } from "@gradus/optim";
import { snnReport } from "@gradus/snn";
import { describe, expect, test } from "vitest";
import { expectNear, load, type Stored, stored } from "../../nn/test/fixtures/attention/stored.ts";
import { fit, summary } from "../src/index.ts";

/** 15 steps of a causal transformer in PyTorch: packages/nn/test/fixtures/attention/generate.py. */
interface Trajectory {
  readonly optimizer: "Adam" | "AdamW";
  readonly norm: "pre" | "post";
  readonly sizes: Readonly<Record<"vocabulary" | "time" | "size" | "heads", number>>;
  readonly text: readonly number[];
  readonly starts: readonly number[][];
  readonly parameters: Readonly<Record<string, Stored>>;
  readonly losses: readonly number[];
  readonly last: Readonly<Record<string, Stored>>;
}

/** The names of the fixture for those of the Sequential. */
function ofFixture(name: string): string {
  const parts = ["table", "positions", "blocks.0", "blocks.1", "final", "logits"];
  return name.replace(/^layers\.(\d)/, (_, i) => parts[Number(i)]);
}

test.each(
  (stored.trajectories as Trajectory[]).flatMap((golden) => [
    [golden, "op by op"] as const,
    [golden, "compiled"] as const,
  ]),
)(
  "15 steps of a causal transformer are those of PyTorch to 1e-9: $optimizer, $norm-norm, %s",
  (golden, way) => {
    const { vocabulary, time, size, heads } = golden.sizes;
    const { norm } = golden;
    const rng = createRng("replaced");
    const net = new Sequential(
      new Embedding(vocabulary, size, { rng }),
      new LearnedPositions(time, size, { rng }),
      new TransformerBlock(size, heads, { rng, causal: true, norm, activation: gelu }),
      new TransformerBlock(size, heads, { rng, causal: true, norm, activation: gelu }),
      new LayerNorm(size),
      new Dense(size, vocabulary, { rng }),
    );
    const parameters = namedParameters(net);
    for (const [name, parameter] of parameters) parameter.assign(load(golden.parameters[ofFixture(name)]));
    const optimizer =
      golden.optimizer === "Adam"
        ? new Adam(parameters, { learningRate: 0.01 })
        : new AdamW(parameters, { learningRate: 0.01, weightDecay: 0.1 });
    const step = (x: Tensor, y: Tensor): Tensor => {
      const logits = net.forward(x).reshape({ shape: [-1, vocabulary] });
      const loss = crossEntropy(logits, y);
      optimizer.step(backward(loss));
      return loss;
    };
    const run = way === "compiled" ? compile(step) : step;
    golden.starts.forEach((starts, i) => {
      const x = tensor(starts.map((start) => golden.text.slice(start, start + time)));
      const y = tensor(starts.flatMap((start) => golden.text.slice(start + 1, start + 1 + time)));
      const loss = run(x, y).item();
      expect(Math.abs(loss - golden.losses[i]), `step ${i}`).toBeLessThanOrEqual(1e-9);
    });
    for (const [name, parameter] of parameters) expectNear(parameter, golden.last[ofFixture(name)], 1e-9);
  },
);

describe("a net with attention", () => {
  const makeNet = (seed: string): Sequential => {
    const rng = createRng(seed);
    return new Sequential(
      new Embedding(7, 4, { rng }),
      new LearnedPositions(5, 4, { rng }),
      new TransformerBlock(4, 2, { rng, causal: true, dropout: 0.2 }),
      new LayerNorm(4),
      new Dense(4, 7, { rng }),
    );
  };
  const net = makeNet("net");
  const x = tensor([[0, 6, 1, 2, 5], [3, 3, 4, 0, 1]]); // biome-ignore format: sequences

  test("has a row for each layer in summary, with all parameters", () => {
    const lines = summary(net, [5]).split("\n");
    expect(lines.find((line) => line.includes("TransformerBlock(4, 2, causal=true, dropout=0.2)"))).toMatch(
      // 4·12 + 12 + 4·4 + 4 of the attention, 2·8 of the norms, 4·16 + 16 + 16·4 + 4 of the Dense layers.
      /\[n,5,4\] +244$/,
    );
    expect(lines.find((line) => line.includes("LearnedPositions(5, 4)"))).toMatch(/\[n,5,4\] +20$/);
    expect(lines.find((line) => line.startsWith("total"))).toMatch(/ 335$/);
  });

  test("has one output for each layer, and names for the layers inside", () => {
    expect(layerOutputs(net, x).map(({ path, output }) => `${path} ${output.shape}`)).toEqual([
      "layers.0 2,5,4",
      "layers.1 2,5,4",
      "layers.2 2,5,4",
      "layers.3 2,5,4",
      "layers.4 2,5,7",
    ]);
    expect(namedLayers(net).map(([name]) => name)).toEqual(
      expect.arrayContaining(["layers.2.attention", "layers.2.attention.inProjection", "layers.2.norm1"]),
    );
  });

  test("is measured by snnReport, where a block counts as one layer", () => {
    const sequences = new Sequential(...net.layers.slice(2));
    const report = snnReport(sequences, createRng("x").normal([3, 5, 4]));
    expect(report.outcome).toBe("nothing to report");
    expect(report.layers.length).toBe(1);
  });

  test("is kept by safetensors files with the same bits", () => {
    const other = makeNet("other");
    loadWeights(other, saveWeights(net));
    expect(other.forward(x).data).toEqual(net.forward(x).data);
  });

  test("is trained by fit as by a loop, with dropout, the same bits compiled and op by op", async () => {
    const targets = [[6, 1, 2, 5, 0], [3, 4, 0, 1, 2]]; // biome-ignore format: sequences
    const hashes = [];
    for (const compiled of [true, false]) {
      const trained = makeNet("trained");
      const optimizer = new Adam(namedParameters(trained), { learningRate: 0.01 });
      const history = await fit(trained, new Dataset({ inputs: x.toArray() as number[][], targets }), {
        optimizer,
        loss: (output, next) => crossEntropy(output.reshape({ shape: [-1, 7] }), next.flatten()),
        epochs: 4,
        batchSize: 2,
        rng: createRng("fit"),
        compile: compiled,
      });
      expect(history.epochs.at(-1)?.loss).toBeLessThan(history.epochs[0].loss as number);
      hashes.push(hashTensors(namedParameters(trained)));
    }
    expect(hashes[0]).toBe(hashes[1]);
  });
});
