import { tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { confusionMatrix, f1, precision, recall } from "../../src/index.ts";
import { golden, measured } from "./golden.ts";

const metrics = { precision, recall, f1 };

describe.each(golden.classes)("as scikit-learn: $name", (given) => {
  const { outputs, targets } = given;
  test.each([1, 2, 7, outputs.length])("in batches of %i", (size) => {
    expect(measured(confusionMatrix(), outputs, targets, size)).toEqual(given.confusion);
    for (const name of ["precision", "recall", "f1"] as const) {
      const metric = metrics[name];
      measured(metric({ average: "perClass" }), outputs, targets, size).forEach((value, k) => {
        expect(value).toBeCloseTo(given.perClass[name][k], 14);
      });
      expect(measured(metric({ average: "macro" }), outputs, targets, size)).toBeCloseTo(
        given.macro[name],
        14,
      );
      expect(measured(metric({ average: "micro" }), outputs, targets, size)).toBeCloseTo(
        given.micro[name],
        14,
      );
      if (given.binary) {
        expect(measured(metric(), outputs, targets, size, true)).toBeCloseTo(given.binary[name], 14);
      }
    }
  });
});

describe("yes/no outputs", () => {
  const logits = [2, -1, 0, 3];
  test("are classes 0 and 1, above the threshold", () => {
    expect(measured(confusionMatrix(), logits, [1, 1, 0, 0])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(measured(f1(), logits, [1, 1, 0, 0])).toBe(0.5);
    expect(measured(recall({ threshold: -2 }), logits, [1, 1, 0, 0])).toBe(1);
    expect(measured(precision(), [[2], [-1]], [[0.9], [0.1]])).toBe(1); // smoothed targets
  });

  test("may have a missing target", () => {
    expect(measured(f1(), logits, [1, -100, -100, 0])).toBe(2 / 3);
    expect(measured(f1(), logits, [-100, -100, -100, -100])).toBeNaN();
  });

  test("have targets from 0 to 1", () => {
    expect(() => measured(f1(), logits, [1, -1, 1, 1])).toThrow(
      "f1: the yes/no target 1 of the batch is -1, but must be from 0 to 1",
    );
  });
});

test("K4: a missing class target does not count", () => {
  const outputs = [
    [1, 0],
    [0, 1],
    [0, 1],
  ];
  expect(measured(confusionMatrix(), outputs, [0, -100, 1])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(measured(f1({ ignoreIndex: 0 }), outputs, [0, 0, 1])).toBe(1);
});

test("with further axes each position counts", () => {
  const measurement = confusionMatrix().start();
  // [1, 2, 3]: class 0 at position 0 and 2, class 1 at position 1
  measurement.add(
    tensor([
      [
        [1, 0, 1],
        [0, 1, 0],
      ],
    ]),
    tensor([[0, 1, 1]]),
  );
  expect(measurement.value()).toEqual([
    [1, 0],
    [1, 1],
  ]);
});

test("targets may be probabilities", () => {
  const outputs = [
    [1, 0, 0],
    [0, 5, 1],
  ];
  const one = [
    [0, 0.2, 0.8],
    [0, 1, 0],
  ];
  expect(measured(f1({ average: "perClass" }), outputs, one)).toEqual([0, 1, 0]);
  const both = [
    [1, 1, 0],
    [0, 1, 0],
  ];
  expect(() => measured(f1({ average: "macro" }), outputs, both)).toThrow(
    "f1: the targets of sample 0 of the batch are no probabilities: they must be ≥ 0 with the sum 1. If several classes can be",
  );
});

describe("refused are", () => {
  test("NaN scores", () => {
    expect(() => measured(f1(), [[0, Number.NaN]], [1])).toThrow(
      "f1: the output for sample 0 of the batch has NaN, which stands for no class",
    );
    expect(() => measured(recall(), [Number.NaN], [1])).toThrow("recall: the output for sample 0");
  });

  test("more than two classes for a binary value", () => {
    expect(() => measured(f1(), [[0, 1, 2]], [1])).toThrow(
      'f1: average "binary" is for two classes, and the net has 3 outputs; choose average: "macro", "micro" or "perClass"',
    );
  });

  test("labels that no output stands for", () => {
    for (const label of [2, 0.5, -1]) {
      expect(() => measured(confusionMatrix(), [[0, 1]], [label])).toThrow(
        `confusionMatrix: the target of sample 0 of the batch is ${label}, but 2 outputs stand for the classes 0 to 1`,
      );
    }
  });

  test("shapes that do not fit", () => {
    for (const [outputs, targets] of [
      [
        [[1], [2]],
        [1, 0],
      ],
      [
        [1, 0],
        [[1], [0]],
      ],
    ] as const) {
      expect(() => measured(f1(), outputs, targets)).toThrow(/^f1\(\[.*\]\): needs outputs \[n, classes/);
    }
  });

  test("options out of range", () => {
    expect(() => f1({ average: "weighted" as never })).toThrow("f1: average must be");
    expect(() => precision({ threshold: Number.NaN })).toThrow("precision: threshold must be");
  });
});

test("a state with other options, or that is none, is refused and changes nothing", () => {
  const begun = f1().start();
  begun.add(tensor([1, -1]), tensor([1, 1]));
  const other = f1({ threshold: 0.5 }).start();
  expect(() => other.restore(begun.state())).toThrow(
    'checkpoint: f1 was measured with the options "threshold 0, ignoreIndex -100" and is measured with "threshold 0.5',
  );
  const state = begun.state() as object;
  for (const wrong of [
    { counts: new Float64Array(3) },
    { classes: 1.5 },
    { counts: Float64Array.of(1, 2, -1, 0) },
  ]) {
    expect(() => begun.restore({ ...state, ...wrong })).toThrow("checkpoint: f1: not a state");
  }
  expect(begun.value()).toBe(2 / 3);
});
