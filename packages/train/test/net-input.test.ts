import {
  ArgumentError,
  bceWithLogits,
  concat,
  createRng,
  hashTensors,
  mse,
  type Tensor,
  tensor,
} from "@gradus/core";
import { Dataset, standardize } from "@gradus/data";
import {
  Dense,
  Embedding,
  type Layer,
  layerOutputs,
  type Mode,
  namedParameters,
  namedTensors,
  Sequential,
} from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { snnReport } from "@gradus/snn";
import { describe, expect, test, vi } from "vitest";
import {
  type Callback,
  evaluate,
  type FitOptions,
  fit,
  predict,
  predictor,
  summary,
  TrainingNumericsError,
} from "../src/index.ts";
import { memoryStore } from "./support.ts";

interface Inputs {
  readonly image: Tensor;
  readonly table: Tensor;
}

/** Two towers, an image [2, 2] and a row of 3 numbers, whose outputs [n, 4] and [n, 2] a Dense layer takes together. */
class Towers implements Layer<Inputs> {
  readonly image: Dense;
  readonly table: Dense;
  readonly head: Dense;
  constructor(seed = "towers") {
    const rng = createRng(seed);
    this.image = new Dense(4, 4, { rng });
    this.table = new Dense(3, 2, { rng });
    this.head = new Dense(6, 1, { rng });
  }
  forward({ image, table }: Inputs, mode?: Mode): Tensor {
    const towers = [this.image.forward(image.flatten({ start: 1 }), mode), this.table.forward(table, mode)];
    return this.head.forward(
      concat(
        towers.map((x) => x.tanh()),
        { axis: 1 },
      ),
      mode,
    );
  }
}

/** n samples whose target is a function of both inputs. */
function towers(n = 50): Dataset<"image" | "table"> {
  const rng = createRng("data");
  const [image, table] = [rng.normal([n, 2, 2]), rng.normal([n, 3])];
  const targets = Array.from({ length: n }, (_, i) => [image.data[4 * i] * 0.5 - table.data[3 * i + 1]]);
  return new Dataset({ inputs: { image, table }, targets });
}

const optionsFor = (net: object, changes: object = {}): FitOptions<"image" | "table"> => ({
  optimizer: new Adam(namedParameters(net), { learningRate: 0.01 }),
  loss: mse,
  epochs: 3,
  batchSize: 8,
  rng: createRng("training"),
  ...changes,
});

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

describe("several inputs: predict, predictor, layerOutputs, summary, snnReport", () => {
  const net = new Towers();
  const data = towers(100);
  const { inputs } = data.all();
  const expected = net.forward(inputs).toArray();

  test("several inputs: predict takes a dataset or tensors by name, in any order, in batches or at once", () => {
    expect(predict(net, data).toArray()).toEqual(expected);
    expect(predict(net, { table: inputs.table, image: inputs.image }).toArray()).toEqual(expected);
    expect(predict(net, data, { batchSize: 7 }).toArray()).toEqual(expected);
    expect(predict(net, data.take(3)).toArray()).toEqual((expected as number[][]).slice(0, 3));
  });

  test("several inputs: predictor keeps the net compiled, and follows it", () => {
    const own = new Towers();
    const answer = predictor(own);
    expect(answer(inputs).toArray()).toEqual(expected);
    expect(answer({ table: inputs.table, image: inputs.image }).toArray()).toEqual(expected);
    own.head.weight.assign(own.head.weight.mul(2));
    expect(answer(inputs).toArray()).toEqual(own.forward(inputs).toArray());
    expect(answer.release()).toBeUndefined();
    expect(answer(inputs).toArray()).toEqual(own.forward(inputs).toArray());
  });

  const chain = new Sequential(
    new Towers(),
    new Dense(1, 8, { rng: createRng(1) }),
    (x) => x.selu(),
    new Dense(8, 2, { rng: createRng(2) }),
  );

  test("several inputs: the first layer of a Sequential may take them", () => {
    expect(layerOutputs(chain, inputs).map(({ path, output }) => [path, output.shape])).toEqual([
      ["layers.0", [100, 1]],
      ["layers.1", [100, 8]],
      ["layers.2", [100, 8]],
      ["layers.3", [100, 2]],
    ]);
    expect(layerOutputs(chain, inputs)[3].output.toArray()).toEqual(chain.forward(inputs).toArray());
    expect(predict(chain, inputs).toArray()).toEqual(chain.forward(inputs).toArray());
    expect(() => chain.forward(data.all() as never)).toThrow(/pass batch\.inputs/);
    expect(() => new Sequential().forward(inputs as never)).toThrow(
      /Sequential\(\): forward takes a tensor, got Object; a layer that takes several inputs by name must put them together/,
    );
  });

  test("several inputs: summary takes a shape for each name", () => {
    const text = summary(chain, { image: [2, 2], table: [3] });
    expect(text).toMatch(
      /input image +\[n,2,2\] +0\ninput table +\[n,3\] +0\nTowers +\[n,1\] +35\nDense\(1, 8\) +\[n,8\] +16\n/,
    );
    expect(() => summary(chain, { image: [2, 2], table: [-1] })).toThrow(/^summary: table/);
    expect(() => summary(chain, { image: [2, 2] } as never)).toThrow(/reads "table"/);
  });

  test("several inputs: snnReport is about the layers behind the towers", () => {
    const report = snnReport(chain, inputs);
    expect(report.samples).toBe(100);
    expect(report.layers.map(({ name }) => name.slice(0, 3))).toEqual(["1→8", "8→2"]);
    expect(() => snnReport(net, inputs)).toThrow(
      /no Dense or convolution layer to report on; it sees those behind the layer/,
    );
    expect(() => snnReport(chain, { ...inputs, table: inputs.table.mul(Number.NaN) })).toThrow(
      "snnReport: sample 0 of the input table of the batch holds NaN",
    );
  });
});

describe("several inputs: what does not fit is refused before the first step", () => {
  const net = new Towers();
  const { inputs } = towers(4).all();
  const { image, table } = inputs;
  const one = new Dataset({
    inputs: [
      [1, 2, 3, 4],
      [2, 3, 4, 5],
    ],
    targets: [[0], [1]],
  });
  const dense = (): Sequential => new Sequential(new Dense(4, 1, { rng: createRng(1) }));
  const rejects = async (promise: Promise<unknown>): Promise<string> => {
    const error = (await promise.catch((e: unknown) => e)) as Error;
    expect(error).toBeInstanceOf(ArgumentError);
    return error.message;
  };

  test("several inputs: a net for one tensor, and a dataset with several", async () => {
    const chain = dense();
    // @ts-expect-error: TypeScript refuses it too.
    expect(await rejects(fit(chain, towers(), optionsFor(chain)))).toBe(
      "fit: a trial of 2 samples (inputs { image [2,2,2], table [2,3] }, targets [2,1]): Dense(4, 1): forward takes a tensor, got " +
        "Object; a layer that takes several inputs by name must put them together: forward({ image, table }, mode)",
    );
    const own: Layer = { forward: (x) => x.flatten({ start: 1 }) };
    // @ts-expect-error: TypeScript refuses it too.
    expect(() => evaluate(own, towers(), { loss: mse })).toThrow(
      'the net was given the inputs "image", "table" by name, and reads "flatten"',
    );
    const list: Layer<Inputs> = {
      forward: (x) => {
        const [a] = x as never as Tensor[];
        return a;
      },
    };
    expect(() => evaluate(list, towers(), { loss: mse })).toThrow(
      /by name, which is no list: forward\(\{ image, table \}, mode\)/,
    );
  });

  test("several inputs: a net for several, and a dataset with one", async () => {
    const taught =
      /the net was given one tensor \[2,4\]\. If its forward takes several inputs by name, the dataset needs them: new Dataset/;
    // @ts-expect-error: TypeScript refuses it too.
    expect(await rejects(fit(net, one, optionsFor(net)))).toMatch(taught);
    // @ts-expect-error: TypeScript refuses it too.
    expect(() => evaluate(net, one, { loss: mse })).toThrow(taught);
  });

  test("several inputs: a name that the dataset does not have, with the one that is meant", async () => {
    const misspelt = new Dataset({ inputs: { image, tabel: table }, targets: [[1], [2], [3], [4]] });
    const message =
      /the net was given the inputs "image", "tabel" by name, and reads "table"; is "tabel" meant\?/;
    expect(await rejects(fit(net as never, misspelt, optionsFor(net) as never))).toMatch(message);
    expect(() => predict(net, { image } as never)).toThrow(/reads "table"/);
    expect(() => predictor(net)({ image } as never)).toThrow(/reads "table"/);
    expect(() => layerOutputs(net, { image, tabel: table } as never)).toThrow(message);
  });

  test("several inputs: an input that the net does not read", async () => {
    const more = { ...inputs, extra: table };
    const message = /the net's forward does not read the input "extra"\. Leave it out, or read it in forward/;
    const data = new Dataset({ inputs: more, targets: [[1], [2], [3], [4]] });
    expect(await rejects(fit(net as never, data, optionsFor(net) as never))).toMatch(message);
    expect(() => predict(net, more)).toThrow(message);
    expect(() => predict(net as never, data)).toThrow(message);
    expect(() => predictor(net)(more)).toThrow(message);
    expect(() => layerOutputs(net, more)).toThrow(message);
    expect(() => evaluate(net as never, data, { loss: mse })).toThrow(message);
  });

  test("several inputs: validation data with other inputs", async () => {
    expect(await rejects(fit(net, towers(), optionsFor(net, { validation: one })))).toBe(
      'fit: validation has one input without a name, and the training data have the inputs "image", "table"',
    );
  });

  test("several inputs: the order of the names in validation data does not matter", async () => {
    const data = towers();
    const {
      inputs: { image, table },
      targets,
    } = data.all();
    const turned = new Dataset({ inputs: { table, image }, targets });
    const [a, b] = [new Towers(), new Towers()];
    const [one, two] = await Promise.all([
      fit(a, data, optionsFor(a, { validation: data })),
      fit(b, data, optionsFor(b, { validation: turned })),
    ]);
    expect(one.last?.valLoss).toBe(two.last?.valLoss);
  });

  test("several inputs: other counts, scalars and no tensors", () => {
    const message = "predict: all inputs must have the same number of samples, got 4 of image, 3 of table";
    expect(() => predict(net, { image, table: table.slice({ axis: 0, end: 3 }) })).toThrow(message);
    expect(() => predict(net, { image, table: tensor(1) })).toThrow("the input table must be [n, ...]");
    expect(() => predict(net, { image, table: [[1, 2, 3]] } as never)).toThrow(
      "predict: the input table must be a tensor, got [[1,2,3]]",
    );
    expect(() => predictor(net)({ image, table: 3 } as never)).toThrow(
      "predictor: the input table must be a tensor, got 3",
    );
    expect(() => predict(net, {} as never)).toThrow(
      /predict: needs a tensor \[n, \.\.\.\] or a Dataset, got Object/,
    );
  });
});
