import {
  ArgumentError,
  createRng,
  crossEntropy,
  mse,
  NumericsError,
  Parameter,
  type Tensor,
  tensor,
  where,
} from "@gradus/core";
import { batches, Dataset } from "@gradus/data";
import { Dense, type Layer, namedParameters, Sequential } from "@gradus/nn";
import { Optimizer, type OptimizerRule, rate, SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { type FitOptions, fit, TrainingNumericsError } from "../src/index.ts";
import { bitsOf, IdleOptimizer, optionsFor, points, Recorder, rejection, smallNet } from "./support.ts";

/** The root of each number: infinite slope at 0. */
class Root implements Layer {
  forward(x: Tensor): Tensor {
    return x.sqrt();
  }
}

/** The error of fit under onNaN: "explain". */
async function trapped(
  net: Layer,
  data: Dataset,
  changes: Partial<FitOptions> = {},
): Promise<TrainingNumericsError> {
  const error = await rejection(fit(net, data, optionsFor(net, { onNaN: "explain", ...changes })));
  if (!(error instanceof TrainingNumericsError)) throw error;
  return error;
}

/** The rows of the batches of an epoch, in the order in which fit draws them. */
const rowsOf = (data: Dataset, { batchSize, rng }: FitOptions, epoch: number) =>
  [...batches(data, batchSize, { rng: rng.split(`epoch ${epoch}`).split("order") })].map(({ indices }) => [
    ...indices,
  ]);

describe('fit with onNaN: "explain"', () => {
  test("K19: names the op that makes NaN of infinities that a mask put in", async () => {
    const mask = tensor([1, 0]);
    const net = new Sequential(new Dense(2, 2, { rng: createRng("masked") }), (x: Tensor) =>
      where(mask, x, Number.NEGATIVE_INFINITY),
    );
    const loss = (output: Tensor): Tensor => output.mul(tensor([1, 0])).sum();
    expect(await trapped(net, points(4), { loss })).toMatchObject({
      op: "mul",
      phase: "forward",
      value: Number.NaN,
    });
    // K2: a cross entropy with probabilities trains such a net.
    const data = new Dataset({
      inputs: points(4).inputs,
      inputShape: [2],
      targets: [1, 0, 1, 0, 1, 0, 1, 0],
      targetShape: [2],
    });
    const history = await fit(net, data, optionsFor(net, { onNaN: "explain", loss: crossEntropy }));
    expect(history.epochs.map(({ loss }) => loss)).toEqual([0, 0]);
  });

  test("names layer, epoch, batch, step and rows when the learning rate is far too large", async () => {
    const rng = createRng("wide");
    const net = new Sequential(
      new Dense(2, 8, { rng: rng.split(1) }),
      new Sequential(new Dense(8, 8, { rng: rng.split(2) }), new Dense(8, 1, { rng: rng.split(3) })),
    );
    const data = new Dataset({
      inputs: points(12).inputs,
      inputShape: [2],
      targets: new Float64Array(12),
      targetShape: [1],
    });
    const optimizer = new SGD(namedParameters(net), { learningRate: 1e40 });
    const error = await trapped(net, data, { optimizer, loss: mse, epochs: 5 });
    expect(error).toBeInstanceOf(NumericsError);
    expect(error).toMatchObject({
      name: "TrainingNumericsError",
      epoch: 1,
      batch: 3,
      step: 3,
      phase: "forward",
    });
    expect(error.layer).toMatch(/^layers\.1\.layers\.\d \(Dense\)$/);
    expect(error.rows).toEqual(rowsOf(data, optionsFor(net), 1)[2]);
    expect(error.row).toBe(error.rows[error.index[0]]);
    expect(error.operands[1].name).toMatch(/^layers\.1\.layers\.\d\.weight$/);
    expect(error.message.replace(/called at [^\s;]+/, "called at HERE")).toMatch(
      /^fit: linear: matmul\(\[4,8\], \[8,\d\]\) in it made (NaN|-?Infinity) at \[\d,\d\] of finite numbers: input 1 lies in \[.*\], layers\.1\.layers\.\d\.weight lies in \[.*\]; in layer layers\.1\.layers\.\d \(Dense\); linear was called at HERE; in epoch 1, batch 3 \(step 3\): rows \d+, \d+, \d+, \d+ of the dataset; if the first axis is the batch, \[\d,\d\] is of row \d+; the weights are left as they were before that step$/,
    );
    expect(error.cause).toBeInstanceOf(NumericsError);
    expect(optimizer.stepCount).toBe(2);
    expect(namedParameters(net).every(([, x]) => x.data.every(Number.isFinite))).toBe(true);
  });

  test("finds a gradient in a later epoch, and names the layer of its op", async () => {
    const net = new Sequential(
      new Dense(2, 1, { rng: createRng(1), bias: false, init: () => tensor([[1], [0]]) }),
      new Root(),
    );
    const data = new Dataset({
      inputs: [
        [4, 1],
        [0, 1],
        [9, 1],
      ],
      targets: [[1], [2], [3]],
    });
    let calls = 0; // of the trial, of epoch 1, then of epoch 2
    const loss = (y: Tensor, t: Tensor): Tensor => (++calls <= 4 ? y.sub(t).mul(0) : y.sub(t)).mean();
    const optimizer = new IdleOptimizer();
    const recorder = new Recorder();
    const options = { loss, optimizer, batchSize: 1, epochs: 3, callbacks: [recorder] };
    const error = await trapped(net, data, options);
    expect(error).toMatchObject({
      phase: "backward",
      op: "sqrt",
      inner: "div",
      layer: "layers.1 (Root)",
      epoch: 2,
    });
    expect(error.rows).toEqual([1]);
    expect(error.row).toBe(1);
    expect(error.site).toMatch(/train\/test\/trap\.test\.ts:\d+:\d+$/);
    expect(optimizer.stepCount).toBe(error.step - 1);
    expect(recorder.ends).toEqual([{ outcome: "failed", error }]);
  });

  test("names the line of the loss, which is in no layer", async () => {
    const loss = (y: Tensor, t: Tensor) => crossEntropy(y.mul(1e200).mul(1e200), t);
    const error = await trapped(smallNet(), points(6), {
      loss: (y, t) => (y.shape[0] === 2 ? crossEntropy(y, t) : loss(y, t)),
    });
    expect(error).toMatchObject({ op: "mul", layer: null, epoch: 1, batch: 1 });
    expect(error.site).toMatch(/train\/test\/trap\.test\.ts/);
  });

  test("finds an update, and names the rule and the parameter", async () => {
    const net = new Dense(1, 1, { rng: createRng(1) });
    const data = new Dataset({ inputs: [[1], [2]], targets: [[0], [0]] });
    const loss = (y: Tensor) => y.mul(1e160).sum();
    const defaults = { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false };
    const rule: OptimizerRule<typeof defaults> = {
      name: "Own",
      defaults: { torch: defaults, keras: defaults },
      ranges: { learningRate: rate },
      slots: () => ["v"],
      update: (x, g, { v }, _, [learningRate]) => {
        for (let i = 0; i < x.length; i++) {
          v[i] += g[i] * g[i];
          x[i] -= (learningRate * g[i]) / Math.sqrt(v[i]);
        }
      },
    };
    const optimizer = new Optimizer(rule, namedParameters(net));
    const error = await trapped(net, data, { optimizer, loss, batchSize: 2 });
    expect(error).toMatchObject({
      phase: "update",
      op: "Own",
      layer: null,
      row: null,
    });
    expect(error.parameter).toMatch(/^state \d of weight$/);
    expect(error.message).toMatch(/what it changes may be changed already; Own was called at/);
    expect(error.message).not.toMatch("left as they were");
  });

  test("reports NaN in the data, with the row", async () => {
    const inputs = Float64Array.from({ length: 12 }, (_, i) => i);
    const targets = new Float64Array(6);
    const data = new Dataset({ inputs, inputShape: [2], targets, targetShape: [1] });
    const net = new Dense(2, 1, { rng: createRng(1) });
    const options = optionsFor(net, { loss: mse, batchSize: 2, onNaN: "explain" });
    inputs[2 * 4 + 1] = Number.NaN; // after the dataset had looked
    const batch = 1 + rowsOf(data, options, 1).findIndex((rows) => rows.includes(4));
    expect(await rejection(fit(net, data, options))).toEqual(
      new ArgumentError(
        `fit: the inputs of batch ${batch} of epoch 1 (step ${batch}) hold NaN at row 4 of the dataset, position 1: ` +
          "look at that sample and at the dataset's transform",
      ),
    );
    inputs[2 * 4 + 1] = 0;
    targets[5] = Infinity;
    await expect(fit(net, data, options)).rejects.toThrow(
      /^fit: the targets of .* hold Infinity at row 5 of the dataset: look/,
    );
  });

  test("reports weights that were not finite before the step", async () => {
    const net = new Sequential(new Dense(2, 2, { rng: createRng(1) }));
    (net.layers[0] as Dense).weight.assign([0, 1, -Infinity, 2]);
    await expect(fit(net, points(4), optionsFor(net, { onNaN: "explain" }))).rejects.toEqual(
      new ArgumentError(
        "fit: the weights layers.0.weight [2,2] hold -Infinity at position 2 before batch 1 of epoch 1 (step 1): no op of the " +
          "training made it; look at how they were initialized, loaded or changed",
      ),
    );
  });

  test("gives the same bits as without the trap, and leaves the layers unchanged", async () => {
    const [plain, watched] = [smallNet(), smallNet()];
    const history = await fit(plain, points(10), optionsFor(plain, { validation: points(4, "other") }));
    const same = await fit(
      watched,
      points(10),
      optionsFor(watched, { validation: points(4, "other"), onNaN: "explain" }),
    );
    expect(bitsOf(watched)).toEqual(bitsOf(plain));
    expect(same.epochs.map(({ seconds, ...others }) => others)).toEqual(
      history.epochs.map(({ seconds, ...others }) => others),
    );
    for (const layer of [watched, ...watched.layers]) expect(Object.hasOwn(layer, "forward")).toBe(false);
  });

  test("callbacks see unchanged layers, and other errors are thrown unchanged", async () => {
    const net = smallNet();
    const failure = new Error("mine");
    const onBackward = () => {
      expect(Object.hasOwn(net, "forward")).toBe(false);
      throw failure;
    };
    expect(
      await rejection(
        fit(net, points(4), optionsFor(net, { onNaN: "explain", callbacks: [{ onBackward }] })),
      ),
    ).toBe(failure);
  });
});

test("a row is only named where the first axis may be the batch", async () => {
  // Two weights and batches of two: the gradient's first axis is that of the weights.
  const net = {
    weight: new Parameter([1, 0]),
    forward: (x: Tensor) => x.add(net.weight.sqrt().sum()),
  };
  const data = new Dataset({ inputs: [[1], [2]], targets: [[0], [0]] });
  const error = await trapped(net, data, {
    loss: (y) => y.mean(),
    batchSize: 2,
    optimizer: new IdleOptimizer(),
  });
  expect(error).toMatchObject({ phase: "backward", op: "sqrt", index: [1], layer: "net", row: null });
  expect(error.rows).toHaveLength(2);
});
