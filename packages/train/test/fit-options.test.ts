import { createRng, crossEntropy, Parameter, ShapeError, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, namedParameters, Sequential } from "@gradus/nn";
import { Adam, SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { fit } from "../src/fit.ts";
import { accuracy, earlyStopping, type FitOptions } from "../src/index.ts";
import {
  bitsOf,
  IdleOptimizer,
  layerOf,
  optionsFor,
  points,
  Recorder,
  rejection,
  smallNet,
} from "./support.ts";

/** The error of fit with these options, after making sure that nothing happened. */
async function refusal(
  changes: Partial<Record<keyof FitOptions | string, unknown>>,
  { net = smallNet(), data = points(10) }: { net?: ReturnType<typeof smallNet>; data?: Dataset } = {},
): Promise<Error> {
  const recorder = new Recorder();
  const before = bitsOf(net);
  const base = optionsFor(net);
  const rngState = base.rng.state();
  const optimizer = base.optimizer as SGD;
  const state = optimizer.state();
  const callbacks = "callbacks" in changes ? {} : { callbacks: [recorder] };
  const error = await rejection(fit(net, data, { ...base, ...callbacks, ...changes } as FitOptions));
  expect(bitsOf(net)).toEqual(before);
  expect(recorder.calls).toEqual([]);
  expect(optimizer.state()).toEqual(state);
  expect(base.rng.state()).toEqual(rngState);
  return error as Error;
}

describe("fit refuses, before anything changes,", () => {
  for (const name of ["epochs", "batchSize", "startEpoch"]) {
    test(`${name} that are no whole number ≥ 1`, async () => {
      const values = [
        0,
        -1,
        1.5,
        Number.NaN,
        Infinity,
        "3",
        null,
        ...(name === "startEpoch" ? [] : [undefined]),
      ];
      for (const value of values) {
        const { message } = await refusal({ [name]: value });
        expect(message).toMatch(`fit: ${name} must be a whole number ≥ 1, got `);
      }
    });
  }

  test("a first epoch after the last", async () => {
    expect((await refusal({ startEpoch: 3, epochs: 2 })).message).toMatch(/^fit: .*\b3\b.*\b2\b/);
  });

  test("options that do not exist", async () => {
    expect((await refusal({ batchsize: 3, lr: 1 })).message).toMatch(
      'fit: unknown option "batchsize"; did you mean "batchSize"? It takes { optimizer, loss, epochs, batchSize, rng,',
    );
    for (const options of [undefined, null, 3]) {
      const error = (await rejection(fit(smallNet(), points(3), options as never))) as Error;
      expect(error.message).toMatch("fit: needs an options object");
    }
  });

  test("empty datasets and values that are no datasets", async () => {
    expect((await refusal({}, { data: points(3).take(0) })).message).toBe("fit: the dataset is empty");
    expect((await refusal({}, { data: [] as never })).message).toMatch(
      "fit: needs a Dataset of @gradus/data, got",
    );
    expect((await refusal({ validation: points(3).take(0) })).message).toBe(
      "fit: validation: the dataset is empty",
    );
    expect((await refusal({ validation: null })).message).toMatch("fit: validation: needs a Dataset");
    expect((await refusal({ validation: 0.1 })).message).toMatch("got 0.1");
  });

  test("values that are no net, optimizer, rng, loss, signal, list of callbacks or flag", async () => {
    for (const net of [null, undefined, {}, 3]) {
      const error = (await rejection(fit(net as never, points(3), optionsFor(smallNet())))) as Error;
      expect(error.message).toMatch("fit: a net is an object with a forward method");
    }
    const flags = ["dropLast", "compile", "hash"].map((name) => [
      name,
      [1, "false", null],
      "must be true or false",
    ]);
    for (const [name, values, message] of [
      ["optimizer", [undefined, null, "adam", Adam], "fit: optimizer must be one of @gradus/optim"],
      ["rng", [undefined, null, 42, () => 0.5, {}], "fit: rng must be a"],
      ["loss", [undefined, null, "crossEntropy"], "fit: loss must be a function"],
      ["signal", [null, 3, {}, new AbortController()], "fit: signal must be an AbortSignal"],
      ["callbacks", [null, new Recorder(), "x"], "fit: callbacks must be a list"],
      // The last one is R15: a hole, as in [, printer].
      [
        "callbacks",
        [[{}], [null], [undefined], [3], [{ name: "x" }], new Array(1)],
        "has none of onTrainBegin,",
      ],
      [
        "callbacks",
        [[new Recorder(), { onEpochEnds() {} }]],
        'fit: callback 1 has an unknown hook "onEpochEnds"',
      ],
      [
        "callbacks",
        [[earlyStopping]],
        "fit: callback 0 is a function, not a callback; did you mean to call it, early",
      ],
      ["metrics", [null, [accuracy], { accuracy: 1 }, { valLoss: accuracy }], "fit: "],
      ["resume", [1, "false", null], 'fit: resume must be true, false or "whole", got'],
      ...flags,
    ] as [string, unknown[], string][]) {
      for (const value of values) {
        expect((await refusal({ [name]: value })).message, `${name}: ${value}`).toMatch(message);
      }
    }
  });

  test("an optimizer with parameters of another net", async () => {
    const other = smallNet("other");
    const message = (await refusal({ optimizer: new SGD(namedParameters(other), { learningRate: 1 }) }))
      .message;
    expect(message).toMatch(
      "fit: 6 of the optimizer's 6 parameters are not part of this net, such as one of shape [2,4]",
    );
    const net = smallNet();
    const both = { net, more: new Parameter(tensor([1, 2, 3])) };
    const optimizer = new Adam(namedParameters(both));
    expect((await refusal({ optimizer }, { net })).message).toMatch("fit: 1 of the optimizer's 7 parameters");
    expect(optimizer.stepCount).toBe(0);
  });

  test("a loss that is not one number, with the shapes that were tried", async () => {
    const none = (y: Tensor, t: Tensor) => crossEntropy(y, t, { reduction: "none" });
    const error = await refusal({ loss: none });
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(
      /^fit: a trial of 2 samples \(inputs \[2,2\], targets \[2\]\): the loss must be one number.*got shape \[2\]/,
    );
    expect((await refusal({ loss: () => 3 })).message).toMatch(
      "the loss must be a tensor of one number, got 3",
    );
  });

  test("a loss that does not depend on the net", async () => {
    const message = "the loss does not depend on any parameter of the net: nothing could be trained";
    expect((await refusal({ loss: () => tensor(3) })).message).toMatch(message);
    expect((await refusal({ loss: (y: Tensor, t: Tensor) => crossEntropy(y.detach(), t) })).message).toMatch(
      message,
    );
    const elsewhere = new Parameter(tensor([1, 2]));
    expect((await refusal({ loss: () => elsewhere.sum() })).message).toMatch(message);
  });

  test("training or validation data that do not fit the net or the loss", async () => {
    const wide = new Dataset({ inputs: createRng(1).normal([5, 3]), targets: [0, 1, 0, 1, 0] });
    const error = await refusal({}, { data: wide });
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch("fit: a trial of 2 samples (inputs [2,3], targets [2]): ");
    expect((error.cause as Error).message).toBe(error.message.slice(error.message.indexOf("): ") + 3));
    expect((await refusal({ validation: wide })).message).toMatch("fit: validation: a trial of 2 samples");
    const label9 = new Dataset({ inputs: createRng(1).normal([2, 2]), targets: [9, 9] });
    expect((await refusal({}, { data: label9 })).message).toMatch("fit: the target of sample 0 is 9, but");
    expect((await refusal({ metrics: { f1: () => undefined } })).message).toMatch(
      'the metric "f1" must return',
    );
  });

  test("a last batch of one sample, where the net needs more", async () => {
    const { message } = await refusal({ batchSize: 3 });
    expect(message).toMatch(/last batch of an epoch has one sample.*BatchNorm/);
    const net = smallNet();
    const history = await fit(net, points(10), optionsFor(net, { batchSize: 3, dropLast: true }));
    expect(history.epochs.length).toBe(2);
    expect((await refusal({ batchSize: 1 })).message).toMatch("BatchNorm");
  });

  test("to drop the only batch", async () => {
    expect((await refusal({ batchSize: 11, dropLast: true })).message).toMatch("dropLast leaves no batch");
  });
});

test("errors of other classes: the trial throws them unchanged", async () => {
  const bug = new RangeError("a bug in the net");
  const broken = new Sequential(
    new Dense(2, 2, { rng: createRng(1) }),
    layerOf(() => {
      throw bug;
    }),
  );
  expect(await rejection(fit(broken, points(4), optionsFor(broken)))).toBe(bug);
});

test("an optimizer of your own, and one for a part of the net, are accepted", async () => {
  const net = smallNet();
  const before = bitsOf(new Sequential(...net.layers.slice(1)));
  const optimizer = new IdleOptimizer();
  const history = await fit(net, points(8), optionsFor(net, { optimizer }));
  expect(optimizer.stepCount).toBe(4);
  expect(history.last?.learningRate).toBe(0.5);
  const frozen = namedParameters(net).slice(2);
  const kept = frozen.map(([, x]) => [...x.data]);
  await fit(net, points(8), optionsFor(net, { optimizer: new SGD(namedParameters(net).slice(0, 2)) }));
  expect(frozen.map(([, x]) => [...x.data])).toEqual(kept);
  expect(bitsOf(new Sequential(...net.layers.slice(1)))).not.toEqual(before); // running statistics
});

test("a dataset of one sample, a batch larger than the dataset and a loss of shape [1] are accepted", async () => {
  const net = new Sequential(new Dense(2, 2, { rng: createRng(1) }));
  const loss = (y: Tensor, t: Tensor) => crossEntropy(y, t).reshape({ shape: [1] });
  const history = await fit(net, points(1), optionsFor(net, { loss, batchSize: 100 }));
  expect(history.last?.loss).toBeLessThan(history.epochs[0].loss);
});
