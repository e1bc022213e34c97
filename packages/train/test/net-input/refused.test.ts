import { ArgumentError, createRng, mse, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, type Layer, layerOutputs, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { evaluate, fit, predict, predictor } from "../../src/index.ts";
import { type Inputs, optionsFor, Towers, towers } from "./towers.ts";

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
