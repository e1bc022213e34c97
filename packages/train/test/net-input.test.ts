import { bceWithLogits, concat, createRng, hashTensors, mse, type Tensor } from "@gradus/core";
import { Dataset, standardize } from "@gradus/data";
import { Dense, Embedding, type Layer, type Mode, namedParameters, namedTensors } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { describe, expect, test, vi } from "vitest";
import { type Callback, evaluate, type FitOptions, fit, TrainingNumericsError } from "../src/index.ts";
import { optionsFor, Towers, towers } from "./net-input/towers.ts";
import { memoryStore } from "./support.ts";

const hashOf = (net: object): string => hashTensors(namedTensors(net));

describe("several inputs: fit", () => {
  test("several inputs: learns from both, and compiled it has the bits that it has op by op", async () => {
    const [training, validation] = towers().split(0.8, createRng("split"));
    const runs = await Promise.all(
      [true, false].map(async (compile) => {
        const net = new Towers();
        const history = await fit(
          net,
          training,
          optionsFor(net, { compile, validation, epochs: 30, hash: true }),
        );
        return { net, history };
      }),
    );
    const [a, b] = runs;
    expect(a.history.hashes).toEqual(b.history.hashes);
    expect(a.history.epochs.map(({ loss, valLoss }) => [loss, valLoss])).toEqual(
      b.history.epochs.map(({ loss, valLoss }) => [loss, valLoss]),
    );
    const { epochs } = a.history;
    expect(epochs[29].loss).toBeLessThan(0.2 * epochs[0].loss);
    expect(evaluate(a.net, validation, { loss: mse }).loss).toBe(epochs[29].valLoss);
  });

  test("several inputs: compiling really happened", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const net = new Towers();
    await fit(net, towers(), optionsFor(net));
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("several inputs: has the bits of the same net with one input that holds both", async () => {
    const data = towers();
    const { image, table } = data.all().inputs;
    const both = new Dataset({
      inputs: concat([image.flatten({ start: 1 }), table], { axis: 1 }),
      targets: data.all().targets,
    });
    class Together implements Layer {
      readonly towers = new Towers();
      forward(x: Tensor, mode?: Mode): Tensor {
        const [image, table] = x.split({ sizes: [4, 3], axis: 1 });
        return this.towers.forward({ image, table }, mode);
      }
    }
    const [one, two] = [new Together(), new Towers()];
    await fit(one, both, { ...optionsFor(one), validation: both });
    await fit(two, data, optionsFor(two));
    expect(hashOf(one.towers)).toBe(hashOf(two));
  });

  test("several inputs: a variable that changes in every step counts as without compiling", async () => {
    const results = await Promise.all(
      [true, false].map(async (compile) => {
        const net = new Towers();
        let factor = 1;
        const loss: FitOptions["loss"] = (output, targets) => {
          factor *= 0.99;
          return mse(output, targets).mul(factor);
        };
        await fit(net, towers(), optionsFor(net, { compile, loss }));
        return hashOf(net);
      }),
    );
    expect(results[0]).toBe(results[1]);
  });

  test("several inputs: weights of samples, transforms and the NaN trap's path have the same bits too", async () => {
    const { inputs, inputShape, targets } = towers();
    const weighted = new Dataset({
      inputs,
      inputShape,
      targets,
      targetShape: [1],
      weights: Array.from({ length: 50 }, (_, i) => i % 3),
    });
    const data = weighted.with({ transform: { table: standardize(weighted, { input: "table" }) } });
    const nets = [new Towers(), new Towers(), new Towers()];
    const [fast, slow, explained] = nets;
    await fit(fast, data, optionsFor(fast));
    await fit(slow, data, optionsFor(slow, { compile: false }));
    await fit(explained, data, optionsFor(explained, { onNaN: "explain" }));
    expect(hashOf(fast)).toBe(hashOf(slow));
    expect(hashOf(fast)).toBe(hashOf(explained));
  });

  test("several inputs: a resumed training has the bits of one that was not interrupted", async () => {
    const whole = new Towers();
    await fit(whole, towers(), optionsFor(whole));
    const store = memoryStore();
    const stopper: Callback = {
      onBatchEnd: ({ step }) => {
        if (step === 10) throw new Error("power cut");
      },
    };
    const first = new Towers();
    const checkpoint = { store, every: { steps: 4 } };
    await expect(
      fit(first, towers(), optionsFor(first, { checkpoint, callbacks: [stopper] })),
    ).rejects.toThrow("power cut");
    const second = new Towers("other weights");
    await fit(second, towers(), optionsFor(second, { checkpoint, resume: true }));
    expect(hashOf(second)).toBe(hashOf(whole));
  });

  test("several inputs: onNaN explain names the input", async () => {
    const net = new Towers();
    const broken = towers().with({ transform: { table: (values) => void values.fill(Number.NaN, 0, 1) } });
    await expect(fit(net, broken, optionsFor(net, { onNaN: "explain" }))).rejects.toThrow(
      /fit: the input table of batch 1 of epoch 1 \(step 1\) hold NaN at row \d+ of the dataset, position 0/,
    );
    const huge = towers().with({ transform: { image: (values) => void values.fill(1e200, 0, 1) } });
    const error = await fit(
      net,
      huge,
      optionsFor(net, { onNaN: "explain", loss: (y: Tensor) => y.mul(1e200).square().mul(1e300).mean() }),
    ).catch((e) => e);
    expect(error).toBeInstanceOf(TrainingNumericsError);
  });

  test("several inputs: an id for an Embedding and numbers; an id beyond the table is refused before the first step", async () => {
    class Ratings implements Layer<{ user: Tensor; numbers: Tensor }> {
      readonly users: Embedding;
      readonly head: Dense;
      constructor() {
        const rng = createRng("ratings");
        this.users = new Embedding(4, 3, { rng });
        this.head = new Dense(5, 1, { rng });
      }
      forward({ user, numbers }: { user: Tensor; numbers: Tensor }, mode?: Mode): Tensor {
        return this.head.forward(concat([this.users.forward(user), numbers], { axis: 1 }), mode);
      }
    }
    const numbers = createRng("n").normal([20, 2]);
    const ids = Uint8Array.from({ length: 20 }, (_, i) => i % 4);
    const targets = Array.from(ids, (id) => [id % 2]);
    const make = (user: Uint8Array): Dataset<"user" | "numbers"> =>
      new Dataset({ inputs: { user, numbers }, inputShape: { user: [] }, targets });
    const net = new Ratings();
    const options = {
      optimizer: new Adam(namedParameters(net), { learningRate: 0.05 }),
      loss: bceWithLogits,
      epochs: 40,
      batchSize: 5,
      rng: createRng("training"),
    };
    const history = await fit(net, make(ids), options);
    expect(history.last?.loss).toBeLessThan(0.2);
    await expect(fit(net, make(ids.map((id, i) => (i === 17 ? 9 : id))), options)).rejects.toThrow(
      "fit: sample 17 has in the input user the number 9, but the net looks it up in a table of 4 rows: inputs must be whole numbers from 0 to 3",
    );
  });
});
