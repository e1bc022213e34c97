import { ArgumentError, ShapeError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset } from "../../src/dataset.ts";

describe("several inputs: bad ones are refused, naming the input", () => {
  const targets = [0, 1];
  const a = [[1], [2]];
  const cases: readonly [string, () => unknown, RegExp][] = [
    [
      "another count",
      () => new Dataset({ inputs: { a, b: [[1], [2], [3]] }, targets }),
      /^Dataset: 2 targets, but 2 of a, 3 of b: each target needs one sample of each input$/,
    ],
    [
      "NaN",
      () =>
        new Dataset({
          inputs: {
            a,
            b: [
              [1, 2],
              [3, Number.NaN],
            ],
          },
          targets,
        }),
      /^Dataset: inputs\.b: sample 1 is NaN at position 1: all must be finite numbers$/,
    ],
    [
      "a typed array without a shape",
      () => new Dataset({ inputs: { a, b: Float32Array.of(1, 2) }, targets }),
      /^Dataset: a Float32Array of inputs\.b needs inputShape\.b, the shape of one sample/,
    ],
    [
      "a shape for an unknown name",
      () => new Dataset({ inputs: { a }, inputShape: { b: [1] } as never, targets }),
      /^Dataset: inputShape: there is no input "b", only \["a"\]/,
    ],
    [
      "one shape for all",
      () => new Dataset({ inputs: { a }, inputShape: [1] as never, targets }),
      /^Dataset: inputShape: the dataset has the inputs \["a"\], so it must be an object such as \{ a: … \}/,
    ],
    [
      "no input",
      () => new Dataset({ inputs: {} as never, targets }),
      /^Dataset: inputs: an object of inputs needs at least one/,
    ],
    [
      "undefined",
      () => new Dataset({ inputs: { a, b: undefined as never }, targets }),
      /^Dataset: inputs\.b.*undefined/,
    ],
    [
      "a list of arrays",
      () => new Dataset({ inputs: [Float64Array.of(1, 2), Float64Array.of(1)] as never, targets }),
      /several inputs are given by name: inputs: \{ image, table \}/,
    ],
    [
      "a list of tensors",
      () => new Dataset({ inputs: [tensor(a), tensor(a)] as never, targets }),
      /several inputs are given by name: inputs: \{ image, table \}/,
    ],
    [
      "columns that do not fit",
      () => new Dataset({ inputs: { a, b: a }, targets, columns: { b: [{ name: "x" }, { name: "y" }] } }),
      /^Dataset: b: the columns make 2 numbers/,
    ],
  ];
  test.each(cases)("several inputs: %s", (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(/./);
    try {
      make();
    } catch (error) {
      expect([ArgumentError, ShapeError].some((kind) => error instanceof kind)).toBe(true);
    }
  });

  test("several inputs: a name may be any text", () => {
    const data = new Dataset({ inputs: { ["__proto__"]: a, toString: a, 0: a }, targets });
    expect(data.inputNames).toEqual(["0", "__proto__", "toString"]);
    expect(Object.keys(data.all().inputs)).toEqual(["0", "__proto__", "toString"]);
  });
});
