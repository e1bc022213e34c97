import { crossEntropy, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { compile } from "@gradus/engine";
import {
  AlphaDropout,
  BatchNorm,
  Dense,
  Dropout,
  type Layer,
  namedParameters,
  PReLU,
  RReLU,
  runningAverage,
  SELU,
  Sequential,
} from "@gradus/nn";
import { Adam, AdamW, linearDecay, RMSprop, SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { DivergenceError, evaluate, type FitOptions, fit, predict } from "../src/index.ts";
import { bitsOf, optionsFor, points, rejection, smallNet, trainingRng } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A net with every kind of layer that draws or remembers. */
function bigNet(): Sequential {
  const rng = trainingRng();
  return new Sequential(
    new Dense(2, 6, { rng: rng.split("a") }),
    new SELU(),
    new AlphaDropout(0.1),
    new Dense(6, 5, { rng: rng.split("b") }),
    new BatchNorm(5),
    new RReLU(),
    new Dropout(0.2),
    new Dense(5, 3, { rng: rng.split("c") }),
    new PReLU(3),
    new Dense(3, 2, { rng: rng.split("d") }),
  );
}

const optimizers = {
  SGD: (net: object) => new SGD(namedParameters(net), { learningRate: 0.1, clip: { value: 0.01 } }),
  "SGD with momentum": (net: object) =>
    new SGD(namedParameters(net), { momentum: 0.9, nesterov: true, weightDecay: 0.01, preset: "keras" }),
  RMSprop: (net: object) =>
    new RMSprop(namedParameters(net), {
      learningRate: linearDecay(0.01, { steps: 12, to: 0 }),
      centered: true,
    }),
  Adam: (net: object) => new Adam(namedParameters(net), { amsgrad: true, clip: { globalNorm: 0.1 } }),
  AdamW: (net: object) => new AdamW(namedParameters(net), { clip: { norm: 0.1 } }),
};

describe("a compiled training", () => {
  for (const [name, optimizer] of Object.entries(optimizers)) {
    test(`has the history, weights and state of the plain one: ${name}`, async () => {
      const results = [];
      for (const compile of [false, true]) {
        const net = bigNet();
        const changes = {
          optimizer: optimizer(net),
          validation: points(7, "v"),
          compile,
          hash: true,
          epochs: 3,
        };
        const { epochs, hashes } = await fit(net, points(14), optionsFor(net, changes));
        const measured = epochs.map(({ seconds: _, ...values }) => values);
        results.push({ measured, hashes, bits: bitsOf(net), state: changes.optimizer.state() });
      }
      expect(results[1]).toEqual(results[0]);
    });
  }

  test("K18: runs the code of the net as often as op by op, at first in every step", async () => {
    const calls: (number | undefined)[] = [];
    const net = new Sequential(...smallNet().layers, {
      forward(x) {
        calls.push(x.shape[0]);
        return x;
      },
    });
    await fit(net, points(10), optionsFor(net, { validation: points(4, "v") }));
    // Two trials; then in each epoch batches of 4, 4 and 2, and one of validation.
    expect(calls.slice(2)).toEqual([4, 4, 2, 4, 4, 4, 2, 4]);
  });

  test("ends at the same step as the plain one if a loss or gradient is not finite", async () => {
    for (const [steep, message] of [
      [false, "the loss is Infinity in epoch 1, batch 2 (step 2)"],
      [true, 'the gradient of "layers.0.weight" is not finite, at a loss of'],
    ] as const) {
      const outcomes = [];
      for (const compile of [false, true]) {
        const net = new Sequential(new Dense(1, 2, { rng: trainingRng() }));
        // Its loss, or the slope of its loss, is infinite for the third sample.
        const loss = (y: Tensor, t: Tensor): Tensor =>
          steep
            ? y.sum().mul(t.sub(2).abs()).sum().sqrt().sum()
            : y.sum().add(t.sub(2).abs().log().neg().sum());
        const data = new Dataset({ inputs: [[1], [1], [1], [1]], targets: [0, 1, 2, 3] });
        const options = optionsFor(net, { loss, batchSize: 1, compile, metrics: {}, rng: trainingRng() });
        outcomes.push({
          error: await rejection(fit(net, data, options)),
          bits: bitsOf(net),
          steps: options.optimizer.stepCount,
        });
      }
      expect(outcomes[1].error).toBeInstanceOf(DivergenceError);
      if (!steep) expect(String(outcomes[1].error)).toMatch(/the loss is Infinity/);
      else expect(String(outcomes[1].error)).toContain(message);
      expect(outcomes[1]).toEqual(outcomes[0]);
    }
  });

  test("stops without an error under onNaN: stop", async () => {
    const net = smallNet();
    const loss = (y: Tensor, t: Tensor): Tensor => crossEntropy(y, t).mul(Number.NaN);
    const { stopped } = await fit(net, points(10), optionsFor(net, { loss, onNaN: "stop" }));
    expect(stopped).toMatch(/^the loss is NaN in epoch 1, batch 1/);
  });
});

describe("a net that reads its numbers", () => {
  const looking = (net: Sequential): Layer & { net: Sequential } => ({
    net,
    forward: (x, mode) => (x.sum().item() > 1e9 ? x : net.forward(x, mode)),
  });

  test("is trained op by op, and a warning says so once", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const results = [];
    for (const wrap of [looking, (net: Sequential) => net]) {
      const net = smallNet();
      const changes: Partial<FitOptions> = { validation: points(5, "v") };
      await fit(wrap(net), points(10), optionsFor(net, changes));
      results.push(bitsOf(net));
    }
    expect(results[0]).toEqual(results[1]);
    for (const [text] of warn.mock.calls) {
      expect(text).toMatch(
        /use where\(condition, x, y\)\. compile: false does the same without this warning \(.*compiled\.test\.ts:129:\d+\)$/,
      );
    }
    expect(warn.mock.calls.map(([text]) => String(text).split(". ")[0])).toEqual([
      "fit: it runs op by op, because it asks for the numbers of a tensor of shape [], which are not known yet while it is traced",
      "fit: validation: it runs op by op, because it asks for the numbers of a tensor of shape [], which are not known yet while it is traced",
    ]);
  });

  test("is evaluated and predicts op by op, with one warning", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const net = smallNet();
    const data = points(40);
    expect(evaluate(looking(net), data, { loss: crossEntropy, batchSize: 3 })).toEqual(
      evaluate(net, data, { loss: crossEntropy, batchSize: 3 }),
    );
    expect(predict(looking(net), data).toArray()).toEqual(predict(net, data).toArray());
    expect(warn).toHaveBeenCalledTimes(2);
  });

  test("U6: runs op by op without a warning for up to 32 samples, as every net does", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const net = smallNet();
    for (const count of [1, 32]) {
      const data = points(count);
      expect(predict(looking(net), data).toArray()).toEqual(predict(net, data).toArray());
      evaluate(looking(net), data, { loss: crossEntropy });
    }
    expect(warn).not.toHaveBeenCalled();
    predict(looking(net), points(33));
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test("throws its own errors, with the place: they are not taken for errors of compile", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const net = smallNet();
    const ragged: Layer & { net: object } = {
      net,
      forward: (x, mode) => (mode?.train && x.shape[0] === 4 ? x.matmul(x) : net.forward(x, mode)),
    };
    const error = await rejection(fit(ragged, points(10), optionsFor(net)));
    expect(String(error)).toMatch(
      /ShapeError: fit: epoch 1, batch 1: matmul\(\[4,2\], \[4,2\]\): inner sizes differ/,
    );
    expect(warn).not.toHaveBeenCalled();
  });
});

test("a running average is updated in a compiled function", () => {
  const into = tensor([0]);
  const step = compile((x: Tensor) => runningAverage(x.mul(2), { into, momentum: 0.5 }));
  step(tensor([4]));
  expect(into.toArray()).toEqual([4]);
  step(tensor([4]));
  expect(into.toArray()).toEqual([6]);
});
