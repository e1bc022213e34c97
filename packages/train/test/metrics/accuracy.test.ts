import { ArgumentError, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { accuracy, binaryAccuracy, classAccuracy } from "../../src/metrics.ts";

describe("accuracy", () => {
  test("counts hits, from class indices", () => {
    const output = tensor([
      [0.1, 2, -1],
      [3, 1, 2],
      [0, 0, 5],
    ]);
    expect(accuracy(output, tensor([1, 1, 2]))).toBe(2);
  });

  test("counts hits, from probabilities", () => {
    const output = tensor([
      [0.1, 2],
      [3, 1],
    ]);
    expect(
      accuracy(
        output,
        tensor([
          [0.3, 0.7],
          [0.4, 0.6],
        ]),
      ),
    ).toBe(1);
  });

  test("uses the first of several equal largest outputs", () => {
    const output = tensor([
      [1, 1, 0],
      [0, 1, 1],
    ]);
    expect(accuracy(output, tensor([0, 1]))).toBe(2);
    expect(accuracy(output, tensor([1, 2]))).toBe(0);
    expect(accuracy(tensor([[-Infinity, -Infinity]]), tensor([0]))).toBe(1);
  });

  test("counts a sample with a NaN at any position as wrong", () => {
    const output = tensor([
      [Number.NaN, 1],
      [1, Number.NaN],
      [Number.NaN, Number.NaN],
    ]);
    for (const target of [-1, 0, 1, Number.NaN]) {
      expect(accuracy(output, tensor([target, target, target]))).toBe(0);
    }
    expect(accuracy(output, output)).toBe(0);
  });

  test("counts a sample as the share of its positions that are right", () => {
    const output = tensor([
      [
        [1, 0, 1, 0],
        [0, 1, 0, 1],
      ],
    ]); // [1, 2, 4]: classes 0, 1, 0, 1
    expect(accuracy(output, tensor([[0, 1, 0, 0]]))).toBe(0.75);
    expect(accuracy(tensor(new Float64Array(0), [3, 2, 0]), tensor(new Float64Array(0), [3, 0]))).toBe(0);
  });

  test("refuses other shapes, and names the accepted ones", () => {
    for (const [output, targets] of [
      [tensor([1, 2]), tensor([0, 1])],
      [tensor([[1], [2]]), tensor([0, 1])],
      [tensor([[1], [2]]), tensor([[0], [1]])],
      [tensor([[1, 2]]), tensor([[1]])],
      [tensor(1), tensor(1)],
    ]) {
      expect(() => accuracy(output, targets)).toThrow(ShapeError);
    }
    expect(() => accuracy(tensor([[1], [2]]), tensor([[0], [1]]))).toThrow(
      /^accuracy\(\[2,1\], \[2,1\]\): .*use binaryAccuracy\(\)$/,
    );
  });
});

describe("binaryAccuracy", () => {
  test("compares logits with 0 and targets with a half", () => {
    const metric = binaryAccuracy();
    expect(metric(tensor([2, -2, 0.1, 0]), tensor([1, 0, 0, 0]))).toBe(3);
    expect(metric(tensor([[2], [-2]]), tensor([[1], [1]]))).toBe(1);
  });

  test("compares probabilities with another threshold", () => {
    expect(binaryAccuracy({ threshold: 0.5 })(tensor([0.4, 0.6, 0.5]), tensor([0, 1, 0]))).toBe(3);
    expect(binaryAccuracy()(tensor([0.4, 0.6, 0.5]), tensor([0, 1, 0]))).toBe(1);
  });

  test("counts NaN as wrong, in outputs and in targets", () => {
    const metric = binaryAccuracy();
    expect(metric(tensor([Number.NaN, Number.NaN]), tensor([0, 1]))).toBe(0);
    expect(metric(tensor([-1, 1]), tensor([Number.NaN, Number.NaN]))).toBe(0);
  });

  test("counts a sample with several outputs as the share that is right", () => {
    expect(
      binaryAccuracy()(
        tensor([
          [1, 1, -1, -1],
          [1, 1, 1, 1],
        ]),
        tensor([
          [1, 1, 0, 1],
          [1, 1, 1, 1],
        ]),
      ),
    ).toBe(1.75);
    expect(binaryAccuracy()(tensor(new Float64Array(0), [0, 3]), tensor(new Float64Array(0), [0, 3]))).toBe(
      0,
    );
  });

  test("refuses different shapes, scalars and thresholds that are no numbers", () => {
    expect(() => binaryAccuracy()(tensor([[1], [2]]), tensor([0, 1]))).toThrow(
      "binaryAccuracy([2,1], [2]): outputs and targets must have the same shape",
    );
    expect(() => binaryAccuracy()(tensor(1), tensor(1))).toThrow(ShapeError);
    for (const threshold of [Number.NaN, Infinity, "0" as never]) {
      expect(() => binaryAccuracy({ threshold })).toThrow(ArgumentError);
    }
    expect(() => binaryAccuracy({ treshold: 0.5 } as never)).toThrow(
      'binaryAccuracy: unknown option "treshold"; did you mean "threshold"?',
    );
  });
});

test("K4: accuracy leaves out ignored targets, as the loss does", () => {
  const output = tensor([
    [2, 1],
    [1, 2],
    [2, 1],
  ]);
  expect(accuracy(output, tensor([0, 1, -100]))).toBe(2);
  expect(accuracy.count?.(output, tensor([0, 1, -100]))).toBe(2);
  const other = classAccuracy({ ignoreIndex: 0 });
  expect(other(output, tensor([0, 1, 1]))).toBe(1);
  expect(other.count?.(output, tensor([0, 1, 1]))).toBe(2);
  expect(() => classAccuracy({ ignoreIndex: "0" } as never)).toThrow(ArgumentError);
});

test("K4: with further axes an ignored position does not count", () => {
  // Two positions each: sample 1 has one target, and it is right; sample 2 has two, and one is right.
  const output = tensor([
    [
      [2, 2],
      [1, 1],
    ],
    [
      [2, 2],
      [1, 1],
    ],
  ]);
  const targets = tensor([
    [0, -100],
    [0, 1],
  ]);
  expect(accuracy(output, targets)).toBe(2 / 2);
  expect(accuracy.count?.(output, targets)).toBe(3 / 2);
});
