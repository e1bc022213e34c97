import { createRng, crossEntropy, hashTensors, ones, selu } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { loadWeights, saveWeights } from "@gradus/io";
import {
  AlphaDropout,
  Conv2d,
  ConvTranspose2d,
  Dense,
  Flatten,
  GlobalAveragePool,
  layerOutputs,
  MaxPool2d,
  namedParameters,
  namedTensors,
  Sequential,
  Upsample,
} from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { evaluate, fit, summary } from "../src/index.ts";

/** Images of 8 × 8 pixels with a bar in a random place: class 0 upright, class 1 lying. */
function bars(count: number, seed: string): Dataset {
  const rng = createRng(seed);
  const inputs = new Float64Array(count * 64);
  const targets = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const [kind, place, start] = [n % 2, Math.floor(8 * rng.next()), Math.floor(4 * rng.next())];
    targets[n] = kind;
    for (let i = start; i < start + 5; i++) inputs[64 * n + (kind === 0 ? 8 * i + place : 8 * place + i)] = 1;
  }
  return new Dataset({ inputs, inputShape: [8, 8, 1], targets });
}

function convNet(seed = "net"): Sequential {
  const rng = createRng(seed);
  return new Sequential(
    new Conv2d(1, 4, 3, { rng: rng.split("first"), padding: "same", activation: selu }),
    new MaxPool2d(2),
    new Conv2d(4, 6, 3, { rng: rng.split("second"), stride: 2, padding: 1, activation: selu }),
    new AlphaDropout(0.05),
    new Flatten(),
    new Dense(24, 2, { rng: rng.split("output") }),
  );
}

async function trained(compile: boolean): Promise<{ hash: string; accuracy: number | undefined }> {
  const net = convNet();
  const options = { optimizer: new Adam(namedParameters(net), { learningRate: 0.01 }), loss: crossEntropy };
  await fit(net, bars(200, "train"), {
    ...options,
    epochs: 4,
    batchSize: 20,
    rng: createRng("fit"),
    compile,
  });
  const { accuracy } = evaluate(net, bars(100, "test"), { loss: crossEntropy });
  return { hash: hashTensors(namedTensors(net)), accuracy };
}

describe("a small convolutional net", () => {
  test("learns, and has the same bits compiled and not", async () => {
    const [compiled, plain] = [await trained(true), await trained(false)];
    expect(compiled).toEqual(plain);
    expect(compiled.accuracy).toBe(1);
  });

  test("has its layers in summaries and layer outputs", () => {
    const net = convNet();
    expect(summary(net, [8, 8, 1])).toMatch(
      /Conv2d\(1, 4, 3, padding="same", activation=selu\) +\[n,8,8,4\] +40/,
    );
    expect(layerOutputs(net, ones([2, 8, 8, 1])).map(({ output }) => output.shape)).toEqual([
      [2, 8, 8, 4],
      [2, 4, 4, 4],
      [2, 2, 2, 6],
      [2, 2, 2, 6],
      [2, 24],
      [2, 2],
    ]);
  });

  test("has its weights in files, by path", () => {
    const net = convNet();
    expect(namedParameters(net).map(([name, { shape }]) => `${name} [${shape}]`)).toEqual([
      "layers.0.weight [3,3,1,4]",
      "layers.0.bias [4]",
      "layers.2.weight [3,3,4,6]",
      "layers.2.bias [6]",
      "layers.5.weight [24,2]",
      "layers.5.bias [2]",
    ]);
    const other = convNet("other");
    loadWeights(other, saveWeights(net));
    const x = createRng("x").normal([2, 8, 8, 1]);
    expect(other.forward(x).data).toEqual(net.forward(x).data);
  });
});

test("a net that makes images smaller and larger again has the gradient of all its parameters compiled too", async () => {
  const hashes: string[] = [];
  for (const compile of [true, false]) {
    const rng = createRng("squeeze");
    const net = new Sequential(
      new Conv2d(1, 3, 3, { rng, stride: 2, padding: 1, activation: selu }),
      new Upsample(2),
      new ConvTranspose2d(3, 2, 3, { rng, padding: 1 }),
      new GlobalAveragePool(),
    );
    const options = { optimizer: new Adam(namedParameters(net)), loss: crossEntropy, rng: createRng("fit") };
    await fit(net, bars(20, "train"), { ...options, epochs: 1, batchSize: 8, compile });
    hashes.push(hashTensors(namedTensors(net)));
  }
  expect(hashes[0]).toBe(hashes[1]);
});
