import { ArgumentError, GradientError, mse, ShapeError, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, namedParameters, Sequential } from "@gradus/nn";
import { Adam, SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { type FitOptions, fit } from "../src/index.ts";
import { bitsOf, rejection, trainingRng } from "./support.ts";

type Changes = (calls: () => number, net: Sequential) => Partial<FitOptions>;

/** The error of a training of 4 batches an epoch, in the n-th call of a function after two trials. */
async function errorOf(changes: Changes, compile: boolean): Promise<{ error: Error; bits: bigint[] }> {
  let calls = 0;
  const net = new Sequential(new Dense(2, 1, { rng: trainingRng() }));
  const data = new Dataset({ inputs: trainingRng().normal([8, 2]), targets: trainingRng().normal([8, 1]) });
  const options: FitOptions = {
    optimizer: new SGD(namedParameters(net), { learningRate: 0.01 }),
    loss: mse,
    epochs: 3,
    batchSize: 2,
    rng: trainingRng(),
    compile,
    ...changes(() => ++calls, net),
  };
  return { error: (await rejection(fit(net, data, options))) as Error, bits: bitsOf(net) };
}

/** One call is the trial's; the seventh is batch 2 of epoch 2. */
const late = (calls: () => number): boolean => calls() === 7;

describe("issue 14: an error out of a step of fit has epoch and batch, compiled and op by op", () => {
  const cases: readonly [what: string, kind: new () => Error, message: RegExp, changes: Changes][] = [
    [
      "a shape in the loss",
      ShapeError as never,
      /^fit: epoch 2, batch 2: mse\(\[2,1\], \[1\]\): prediction/,
      (calls) => ({ loss: (y, t) => mse(y, late(calls) ? tensor([0]) : t) }),
    ],
    [
      "a loss that is no tensor",
      ArgumentError as never,
      /^fit: epoch 2, batch 2: .*undefined/,
      (calls) => ({ loss: (y, t) => (late(calls) ? (undefined as unknown as Tensor) : mse(y, t)) }),
    ],
    [
      "a metric's value",
      ArgumentError as never,
      /^fit: epoch 2, batch 2: the metric "m" must return a number/,
      (calls) => ({ metrics: { m: () => (late(calls) ? ("x" as unknown as number) : 1) } }),
    ],
    [
      "a learning rate",
      ArgumentError as never,
      /^fit: epoch 2, batch 4: sgd\.step: the learning rate of step 7 must be/,
      (_, net) => ({
        optimizer: new SGD(namedParameters(net), { learningRate: (step) => (step === 7 ? Number.NaN : 0.1) }),
      }),
    ],
    [
      "a state that overflows",
      GradientError as never,
      /^fit: epoch 1, batch 1: adam\.step: the gradient of "layers\.0\.weight" has an element/,
      (_, net) => ({ optimizer: new Adam(namedParameters(net)), loss: (y, t) => mse(y, t).mul(1e200) }),
    ],
  ];
  test.each(cases)("%s", async (_, kind, message, changes) => {
    const compiled = await errorOf(changes, true);
    expect(compiled.error).toBeInstanceOf(kind);
    expect(compiled.error.message).toMatch(message);
    expect(compiled.error.cause).toBeInstanceOf(kind);
    const plain = await errorOf(changes, false);
    expect(plain.error).toEqual(compiled.error);
    expect(plain.bits).toEqual(compiled.bits);
  });

  test("an error of the user's code stays as it is", async () => {
    const mine = new TypeError("mine");
    const changes: Changes = (calls) => ({
      loss: (y, t) => {
        if (late(calls)) throw mine;
        return mse(y, t);
      },
    });
    for (const compile of [true, false]) expect((await errorOf(changes, compile)).error).toBe(mine);
  });
});
