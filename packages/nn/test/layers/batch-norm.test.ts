import { ArgumentError, backward, createRng, ones, type Tensor, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { BatchNorm, type Mode } from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose } from "../support.ts";

const train: Mode = { train: true, rng: createRng(0) };

describe("BatchNorm", () => {
  // Two channels of mean 2 and 20, variance 1 and 100 divided by n, 2 and 200 divided by n − 1.
  const x = tensor([
    [1, 10],
    [3, 30],
  ]);

  test("normalises each channel by its batch when training", () => {
    const [first, second] = [1 / Math.sqrt(1 + 1e-5), 10 / Math.sqrt(100 + 1e-5)];
    expectAllClose(new BatchNorm(2).forward(x, train), [-first, -second, first, second]);
    const layer = new BatchNorm(2, { epsilon: 0 });
    layer.scale.assign([2, 3]);
    layer.shift.assign([10, 20]);
    expectAllClose(layer.forward(x, train), [8, 17, 12, 23]);
  });

  test("moves the running statistics by a tenth, with the unbiased variance", () => {
    const layer = new BatchNorm(2);
    layer.forward(x, train);
    expectAllClose(layer.runningMean, [0.2, 2]);
    expectAllClose(layer.runningVariance, [0.9 + 0.2, 0.9 + 20]);
    layer.forward(x, train);
    expectAllClose(layer.runningMean, [0.38, 3.8]);
    expectAllClose(layer.runningVariance, [0.9 * 1.1 + 0.2, 0.9 * 20.9 + 20]);
  });

  test("R12: refuses to evaluate with a running variance that has overflowed", () => {
    for (const large of [1e155, 1.7e308, 1.2e154]) {
      // 1.2e154: the variance is 1.44e308; divided by n − 1 it is beyond 1.8e308
      const layer = new BatchNorm(2);
      layer.forward(tensor([[1, -large], [2, large]]), train); // biome-ignore format: one line
      const message =
        "BatchNorm(2): the running variance of channel 1 is infinite, because inputs in training were beyond about 1e154: " +
        "scale the inputs and train again";
      expect(() => layer.forward(x)).toThrow(new ArgumentError(message));
      layer.runningVariance.assign([1, 1]);
      layer.runningMean.assign([0, 0]);
      expectAllClose(layer.forward(x), [1, 10, 3, 30].map((value) => value / Math.sqrt(1 + 1e-5))); // biome-ignore format: one line
    }
    const layer = new BatchNorm(1, { momentum: 1 });
    layer.forward(tensor([[-1e153], [1e153]]), train);
    expectAllClose(layer.forward(tensor([[1e153]])), [Math.SQRT1_2]);
  });

  test("counts the positions of [N, time, C] as values of their channel", () => {
    const layer = new BatchNorm(2, { momentum: 1, epsilon: 0 });
    const y = layer.forward(
      tensor([
        [
          [1, 0],
          [2, 0],
        ],
        [
          [3, 4],
          [6, 4],
        ],
      ]),
      train,
    );
    // Channel 0: mean 3, variance (4 + 1 + 0 + 9)/4 = 3.5, unbiased 14/3. Channel 1: mean 2, variance 4, unbiased 16/3.
    expectAllClose(layer.runningMean, [3, 2]);
    expectAllClose(layer.runningVariance, [14 / 3, 16 / 3]);
    const s = Math.sqrt(3.5);
    expectAllClose(y, [-2 / s, -1, -1 / s, -1, 0, 1, 3 / s, 1]);
  });

  test("normalises by the running statistics in evaluation, and does not change them", () => {
    const layer = new BatchNorm(2, { epsilon: 0 });
    layer.runningMean.assign([1, 10]);
    layer.runningVariance.assign([4, 100]);
    expectAllClose(layer.forward(x), [0, 0, 1, 2]);
    expectAllClose(layer.forward(tensor([[5, 0]])), [2, -1]);
    expect(layer.runningMean.toArray()).toEqual([1, 10]);
    expect(layer.runningVariance.toArray()).toEqual([4, 100]);
  });

  test("gives the same in evaluation and training after many steps, except for the unbiased variance", () => {
    const layer = new BatchNorm(2, { momentum: 1, epsilon: 0 });
    const trained = layer.forward(x, train);
    expectAllClose(layer.forward(x).mul(Math.SQRT2), [...trained.data]);
  });

  test("passes the gradient checks for input, scale and shift in both modes", () => {
    for (const shape of [
      [4, 3],
      [2, 2, 3],
      [1, 2, 2, 3],
    ]) {
      checkLayer(new BatchNorm(3), [awayFromKinks(shape)], true);
      const layer = new BatchNorm(3);
      layer.runningMean.assign([0.5, -1, 2]);
      layer.runningVariance.assign([0.5, 2, 3]);
      checkLayer(layer, [awayFromKinks(shape)]);
    }
  });

  test("keeps the running statistics out of the gradients", () => {
    const layer = new BatchNorm(2);
    const loss = layer.forward(x, train).square().sum();
    expect([...backward(loss).keys()].length).toBe(2);
    expect(layer.runningMean.tracked).toBe(false);
  });

  test("H3: normalises channels whose squares do not fit a double, with the right gradient", () => {
    // As for layer normalization: x = s·[1, −1, 0], cotangent [1, 2, 4].
    const root = Math.sqrt(1.5);
    for (const scale of [1e154, 1e200, 1e307, 1e-154, 1e-200]) {
      const layer = new BatchNorm(1, { epsilon: scale > 1 ? 1e-5 : 0 });
      const x = variable(tensor([[scale], [-scale], [0]]));
      const out = layer.forward(x, { train: true, rng: createRng("unused") });
      const found = backward(out, { cotangent: tensor([[1], [2], [4]]) }).of(x);
      [root, -root, 0].forEach((value, i) => {
        expect(out.data[i]).toBeCloseTo(value, 13);
      });
      [(-5 / 6) * root, (-5 / 6) * root, (5 / 3) * root].forEach((value, i) => {
        expect(found.data[i] * scale).toBeCloseTo(value, 13);
      });
    }
  });

  test("refuses to train on one value per channel, and writes nothing then", () => {
    const layer = new BatchNorm(2);
    const message =
      /^BatchNorm\(2\): expects an input with more than one value per channel when training, got/;
    for (const bad of [ones([1, 2]), ones([1, 1, 2]), ones([0, 2]), ones([3, 0, 2])]) {
      expect(() => layer.forward(bad, train)).toThrow(message);
    }
    expect(layer.runningMean.toArray()).toEqual([0, 0]);
    expect(layer.runningVariance.toArray()).toEqual([1, 1]);
    expect(layer.forward(ones([1, 2])).shape).toEqual([1, 2]);
  });

  test("refuses other shapes", () => {
    const layer = new BatchNorm(3);
    const bad: readonly Tensor[] = [ones([3]), ones([2, 4]), ones([2, 3, 4]), ones([1, 3, 2, 2])];
    for (const input of bad) {
      expect(() => layer.forward(input)).toThrow(
        `BatchNorm(3): expects an input [N, ..., 3], got [${input.shape}]`,
      );
    }
  });

  test("says what to do with images and sequences that have their channels first", () => {
    const layer = new BatchNorm(3);
    expect(() => layer.forward(ones([2, 3, 8, 8]))).toThrow(
      "; channels are the last axis here: permute(x, { axes: [0, 2, 3, 1] })",
    );
    expect(() => layer.forward(ones([2, 3, 8]))).toThrow(
      "; channels are the last axis here: permute(x, { axes: [0, 2, 1] })",
    );
  });

  test("refuses bad arguments, and has its options in its text", () => {
    for (const make of [
      () => new BatchNorm(0),
      () => new BatchNorm(2.5),
      () => new BatchNorm(2, { epsilon: -1 }),
      () => new BatchNorm(2, { epsilon: Number.NaN }),
      () => new BatchNorm(2, { momentum: 1.5 }),
      () => new BatchNorm(2, { momentum: Number.NaN }),
    ]) {
      expect(make, String(make)).toThrow(ArgumentError);
    }
    expect(() => new BatchNorm(2, { momentum: -1 })).toThrow("BatchNorm: momentum must be in [0, 1], got -1");
    expect(String(new BatchNorm(2))).toBe("BatchNorm(2)");
    expect(String(new BatchNorm(2, { momentum: 0.5, epsilon: 0 }))).toBe(
      "BatchNorm(2, epsilon=0, momentum=0.5)",
    );
  });
});
