import { backward, createRng, crossEntropy, gelu, type Tensor, tensor } from "@gradus/core";
import { compile } from "@gradus/engine";
import {
  Dense,
  Embedding,
  LayerNorm,
  LearnedPositions,
  namedParameters,
  Sequential,
  TransformerBlock,
} from "@gradus/nn";
import { Adam, AdamW } from "@gradus/optim";
import { expect, test } from "vitest";
import { expectNear, load, type Stored, stored } from "../../nn/test/fixtures/attention/stored.ts";

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
