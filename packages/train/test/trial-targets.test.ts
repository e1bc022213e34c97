import {
  bceWithLogits,
  createRng,
  crossEntropy,
  klDiv,
  logSoftmax,
  mse,
  nll,
  oneHot,
  type Tensor,
} from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, type Layer, namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { fit } from "../src/fit.ts";
import type { FitOptions } from "../src/index.ts";
import { bitsOf, rejection } from "./support.ts";

/** The message with which fit refuses targets, and leaves the net as it is; undefined if it trains. */
async function refusal(
  targets: readonly unknown[],
  loss: FitOptions["loss"],
  { outputs, more }: { outputs?: number; more?: Partial<FitOptions> } = {},
): Promise<string | undefined> {
  const data = dataset(targets);
  const net: Layer = new Dense(2, outputs ?? data.targetSize, { rng: createRng("net") });
  const before = bitsOf(net);
  const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
  const options = { optimizer, loss, epochs: 1, batchSize: 2, rng: createRng("fit"), ...more };
  const error = await fit(net, data, options).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  if (error) expect(bitsOf(net)).toEqual(before);
  return error?.message;
}

function dataset(targets: readonly unknown[]): Dataset {
  const inputs = targets.map((_, i) => [i, 1 - i / 2]);
  return new Dataset({ inputs, targets: targets as number[] });
}

const CLASSES =
  "fit: the target of sample 4 is 2, but crossEntropy of 2 outputs takes class indices from 0 to 1";

describe("K14: a label that no output stands for is refused before the first step, with its sample:", () => {
  const labels = [0, 1, 0, 1, 2, 0];

  test("an index beyond the outputs", async () => {
    expect(await refusal(labels, crossEntropy, { outputs: 2 })).toMatch(CLASSES);
    expect(await refusal(labels, crossEntropy, { outputs: 3 })).toBeUndefined();
  });

  test("one below 0 or not whole, and in the two samples of the trial", async () => {
    expect(await refusal([0, 1, -1], crossEntropy, { outputs: 2 })).toMatch(
      "fit: the target of sample 2 is -1, but",
    );
    expect(await refusal([0, 1, 0.5], crossEntropy, { outputs: 2 })).toMatch(
      "fit: the target of sample 2 is 0.5",
    );
    expect(await refusal([0, 7, 0], crossEntropy, { outputs: 2 })).toMatch(
      "fit: the target of sample 1 is 7, but",
    );
    expect(await refusal([1, 2, 3], crossEntropy, { outputs: 3 })).toMatch(
      "fit: the target of sample 2 is 3, but",
    );
  });

  test("one of the validation data", async () => {
    const more = { validation: dataset([0, 1, 5]) };
    expect(await refusal([0, 1, 0], crossEntropy, { outputs: 2, more })).toMatch(
      "fit: validation: the target of sample 2 is 5, but crossEntropy of 2 outputs",
    );
  });

  test("through nll, a loss around crossEntropy, and reshaped or cut targets", async () => {
    const far = (output: Tensor, y: Tensor) => nll(logSoftmax(output, { axis: 1 }), y);
    expect(await refusal(labels, far, { outputs: 2 })).toMatch(
      "fit: the target of sample 4 is 2, but nll of 2 outputs takes class",
    );
    const scaled = (output: Tensor, y: Tensor) => crossEntropy(output, y, { classWeights: [1, 3] }).mul(2);
    expect(await refusal(labels, scaled, { outputs: 2 })).toMatch(CLASSES);
    const columns = labels.map((label) => [label]);
    const flat = (output: Tensor, y: Tensor) => crossEntropy(output, y.squeeze());
    expect(await refusal(columns, flat, { outputs: 2 })).toMatch(CLASSES);
    const pairs = labels.map((label) => [9, label]);
    const second = (output: Tensor, y: Tensor) =>
      crossEntropy(output, y.slice({ axis: 1, start: 1 }).squeeze({ axes: 1 }));
    expect(await refusal(pairs, second, { outputs: 2 })).toMatch(CLASSES);
  });

  test("but not ignored ones, nor those that the loss maps into the classes", async () => {
    expect(await refusal([0, 1, -100, 1], crossEntropy, { outputs: 2 })).toBeUndefined();
    const ignoring = (output: Tensor, y: Tensor) => crossEntropy(output, y, { ignoreIndex: 9 });
    expect(await refusal([0, 1, 9, 1], ignoring, { outputs: 2 })).toBeUndefined();
    const shifted = (output: Tensor, y: Tensor) => crossEntropy(output, y.sub(1));
    expect(await refusal([1, 2, 1], shifted, { outputs: 2 })).toBeUndefined();
    expect(await refusal([1, 2, 3], shifted, { outputs: 2 })).toMatch(
      "fit: the target of sample 2 is 2, but",
    );
    expect(await refusal([1, 2, 0, 1, 1], shifted, { outputs: 2 })).toMatch(
      "fit: the target of sample 2 is -1, but",
    );
  });

  test("also where an op before the loss refuses it", async () => {
    const hot = (output: Tensor, y: Tensor) => crossEntropy(output, oneHot(y, { classes: 2 }));
    expect(await refusal([0, 1, 0, 0, 2], hot, { outputs: 2 })).toMatch(
      /^fit: the loss fails for the targets of samples 3 and 4: oneHot/,
    );
  });

  test("in a dataset of many samples and of chosen rows", async () => {
    const size = 5000;
    const inputs = new Float32Array(size);
    const targets = new Uint8Array(size);
    targets[4321] = 3;
    const rows = Uint32Array.from({ length: size }, (_, i) => size - 1 - i);
    const data = new Dataset({ inputs, inputShape: [1], targets, rows });
    const net = new Dense(1, 3, { rng: createRng("net") });
    const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
    const options = { optimizer, loss: crossEntropy, epochs: 1, batchSize: 500, rng: createRng("fit") };
    const error = (await rejection(fit(net, data, options))) as Error;
    expect(error.message).toMatch(`fit: the target of sample ${size - 1 - 4321} is 3, but`);
  });
});

describe("K5: targets outside the domain of a loss are refused, in the whole dataset:", () => {
  test("bceWithLogits beyond [0, 1]", async () => {
    const message = "but bceWithLogits takes probabilities from 0 to 1; for class indices use crossEntropy";
    expect(await refusal([[1], [2], [2], [1]], bceWithLogits)).toBe(
      `fit: the target of sample 1 is 2, ${message}`,
    );
    expect(await refusal([[1], [0], [0], [-1]], bceWithLogits)).toBe(
      `fit: the target of sample 3 is -1, ${message}`,
    );
    expect(
      await refusal(
        [
          [1, 0],
          [0, 1],
          [0, 1.5],
        ],
        bceWithLogits,
      ),
    ).toMatch("sample 2 is 1.5");
    const weighted = (output: Tensor, y: Tensor) => bceWithLogits(output, y, { positiveWeight: 3 });
    expect(await refusal([[1], [0], [2]], weighted)).toMatch("fit: the target of sample 2 is 2, but");
    expect(await refusal([[1], [0], [0.5]], bceWithLogits)).toBeUndefined();
  });

  test("probabilities below 0 or with another sum than 1", async () => {
    const message = "but crossEntropy takes probabilities: numbers ≥ 0 with the sum 1.";
    const good = [
      [0.5, 0.5],
      [1, 0],
    ];
    expect(await refusal([...good, [1, 1]], crossEntropy)).toMatch(
      `fit: the target of sample 2 has the sum 2, ${message}`,
    );
    expect(await refusal([...good, [0, 0]], crossEntropy)).toMatch(
      `fit: the target of sample 2 has the sum 0, ${message}`,
    );
    expect(await refusal([...good, [1.5, -0.5]], crossEntropy)).toMatch(
      `fit: the target of sample 2 is -0.5 for class 1, ${message}`,
    );
    expect(await refusal([...good, [0.333, 0.666]], crossEntropy)).toBeUndefined();
  });

  test("klDiv beyond [0, 1], or above 0 as logarithms", async () => {
    const kl = (output: Tensor, y: Tensor) => klDiv(logSoftmax(output, { axis: 1 }), y);
    expect(
      await refusal(
        [
          [0.5, 0.5],
          [1, 0],
          [-0.1, 1.1],
        ],
        kl,
      ),
    ).toBe("fit: the target of sample 2 is -0.1, but klDiv takes probabilities from 0 to 1");
    const logs = (output: Tensor, y: Tensor) =>
      klDiv(logSoftmax(output, { axis: 1 }), y, { logTarget: true });
    expect(
      await refusal(
        [
          [-1, -1],
          [-1, -1],
          [-1, 0.5],
        ],
        logs,
      ),
    ).toBe("fit: the target of sample 2 is 0.5, but klDiv takes logarithms of probabilities here, at most 0");
    expect(
      await refusal(
        [
          [-1, -1],
          [-1, -1],
          [-1, 0],
        ],
        logs,
      ),
    ).toBeUndefined();
  });

  test("but any numbers for mse, and targets that follow from the output", async () => {
    expect(await refusal([[7], [-3]], mse)).toBeUndefined();
    const own = (output: Tensor, y: Tensor) => bceWithLogits(output, output.detach().mul(9).add(y));
    expect(await refusal([[7], [-3]], own)).toBeUndefined();
  });
});

describe("K5: a loss over one class is refused:", () => {
  const message =
    "fit: crossEntropy of one output is the same for every output: one class is no choice, and nothing would be trained. " +
    "For yes/no targets of 0 and 1 use bceWithLogits";

  test("with targets of the shape of the output, and with class indices", async () => {
    expect(await refusal([[0], [1], [1], [0]], crossEntropy)).toMatch(message);
    expect(await refusal([0, 0, 0], crossEntropy, { outputs: 1 })).toMatch(message);
    const smooth = (output: Tensor, y: Tensor) => crossEntropy(output, y, { labelSmoothing: 0.1 });
    expect(await refusal([[0], [1]], smooth)).toMatch(message);
  });
});
