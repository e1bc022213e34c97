import { Gradients, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type Clip, clipByGlobalNorm, clipByNorm, clipByValue, globalNorm, SGD } from "../src/index.ts";
import { gradientsOf, messageOf, parameter } from "./support.ts";

function gradients(...values: number[][]): { gradients: Gradients; keys: Tensor[] } {
  const keys = values.map((v) => parameter(v.map(() => 0)));
  return { gradients: new Gradients(gradientsOf(keys, values)), keys };
}

function results(clipped: Gradients, keys: readonly Tensor[]): unknown[] {
  return keys.map((key) => clipped.of(key).toArray());
}

test("clipByValue cuts every element", () => {
  const { gradients: given, keys } = gradients([3, -0.5, -7], [0, Infinity, Number.NaN]);
  expect(results(clipByValue(given, 2), keys)).toEqual([
    [2, -0.5, -2],
    [0, 2, Number.NaN],
  ]);
});

test("clipByNorm scales each tensor whose norm is too large, and only those", () => {
  const { gradients: given, keys } = gradients([3, 4], [0.3, 0.4], [0, 0]);
  expect(results(clipByNorm(given, 1), keys)).toEqual([
    [3 * (1 / 5), 4 * (1 / 5)],
    [0.3, 0.4],
    [0, 0],
  ]);
});

test("clipByGlobalNorm scales all tensors by one factor", () => {
  const { gradients: given, keys } = gradients([2, 4], [4, 8], [0]);
  expect(globalNorm(given)).toBe(10);
  expect(results(clipByGlobalNorm(given, 5), keys)).toEqual([[1, 2], [2, 4], [0]]);
  expect(results(clipByGlobalNorm(given, 10), keys)).toEqual([[2, 4], [4, 8], [0]]);
});

test("the order Infinity takes the largest element for the norm", () => {
  const { gradients: given, keys } = gradients([3, -4], [0.5], [8, 2]);
  const order = Infinity;
  expect(globalNorm(given, { order })).toBe(8);
  expect(results(clipByGlobalNorm(given, 2, { order }), keys)).toEqual([[0.75, -1], [0.125], [2, 0.5]]);
  expect(results(clipByGlobalNorm(given, 8, { order }), keys)).toEqual([[3, -4], [0.5], [8, 2]]);
  expect(results(clipByNorm(given, 2, { order }), keys)).toEqual([[1.5, -2], [0.5], [2, 0.5]]);
  expect(globalNorm(gradients([1.7e308, -1.7e308]).gradients, { order })).toBe(1.7e308);
  expect(globalNorm(gradients([0], []).gradients, { order })).toBe(0);
  expect(messageOf(() => globalNorm(gradients([1, Number.NaN]).gradients, { order }))).toMatch(
    /^GradientError: globalNorm: the gradient of shape \[2\] is not finite$/,
  );
});

test("an optimizer clips by the order Infinity", () => {
  const x = parameter([0, 0]);
  const sgd = new SGD([["x", x]], { learningRate: 1, clip: { globalNorm: 1, order: Infinity } });
  sgd.step(gradientsOf([x], [[3, -4]]));
  expect(x.toArray()).toEqual([-0.75, 1]);
});

test.each([
  [{ globalNorm: 1, order: 1 }, "clip.order must be 2 or Infinity, got 1"],
  [{ globalNorm: 1, order: "inf" }, 'clip.order must be 2 or Infinity, got "inf"'],
  [{ value: 1, order: Infinity }, "got { value, order }; order: Infinity goes with norm or globalNorm"],
  [{ order: Infinity }, "got { order }; order: Infinity goes with norm or globalNorm"],
])("clip: %j is refused", (clip, message) => {
  expect(() => new SGD([["x", parameter([0])]], { clip: clip as Clip })).toThrow(message);
});

test("the functions refuse another order, and options that they do not know", () => {
  const { gradients: given } = gradients([3]);
  expect(() => clipByNorm(given, 1, { order: 1 as never })).toThrow("order must be 2 or Infinity, got 1");
  expect(() => clipByGlobalNorm(given, 1, { normType: 1 } as never)).toThrow('unknown option "normType"');
});

test("clipping returns new tensors and leaves the given ones", () => {
  const { gradients: given, keys } = gradients([3, 4]);
  for (const clip of [clipByValue, clipByNorm, clipByGlobalNorm]) {
    expect(clip(given, 1).of(keys[0])).not.toBe(given.of(keys[0]));
    expect(clip(given, 100).of(keys[0]).toArray()).toEqual([3, 4]);
  }
  expect(results(given, keys)).toEqual([[3, 4]]);
});

test("H3: a norm beyond 1.8e308 clips to the limit, not to 0", () => {
  const { gradients: given, keys } = gradients([1.7e308, -1.7e308]);
  const expected = [[expect.closeTo(5 / Math.SQRT2, 14), expect.closeTo(-5 / Math.SQRT2, 14)]];
  expect(results(clipByNorm(given, 5), keys)).toEqual(expected);
  expect(results(clipByGlobalNorm(given, 5), keys)).toEqual(expected);
});

test("the norm neither overflows nor underflows where it need not", () => {
  expect(globalNorm(gradients([3e200], [4e200]).gradients)).toBeCloseTo(5e200, -186);
  expect(globalNorm(gradients([3e-200], [4e-200]).gradients) / 5e-200).toBeCloseTo(1, 14);
  expect(globalNorm(gradients([5e-324]).gradients)).toBe(5e-324);
  expect(globalNorm(gradients([0, 0], []).gradients)).toBe(0);
  const { gradients: huge, keys } = gradients([3e200, 4e200]);
  const [x, y] = clipByNorm(huge, 1).of(keys[0]).data;
  expect(x).toBeCloseTo(0.6, 14);
  expect(y).toBeCloseTo(0.8, 14);
});

test("squares are added up in the order of elements and tensors", () => {
  // 1 is lost next to 1e16 unless the small ones come first.
  const large = 1e8;
  expect(globalNorm(gradients([1, 1], [large]).gradients)).toBe(Math.sqrt(2 + 1e16));
  expect(globalNorm(gradients([large], [1, 1]).gradients)).toBe(Math.sqrt(1e16));
});

test.each([Number.NaN, Infinity, -Infinity])("a gradient of %s has no norm", (bad) => {
  const { gradients: given } = gradients([1], [2, bad]);
  for (const act of [() => globalNorm(given), () => clipByNorm(given, 1), () => clipByGlobalNorm(given, 1)]) {
    expect(messageOf(act)).toMatch(/^GradientError: \w+: the gradient of shape \[2\] is not finite$/);
  }
});

test.each([0, -1, Number.NaN, Infinity, "1", undefined])("a limit of %s is refused", (limit) => {
  const { gradients: given } = gradients([1]);
  for (const clip of [clipByValue, clipByNorm, clipByGlobalNorm]) {
    expect(messageOf(() => clip(given, limit as number))).toMatch(
      new RegExp(`^ArgumentError: ${clip.name}: limit must be a finite number > 0, got `),
    );
  }
});

test("anything but Gradients is refused", () => {
  expect(messageOf(() => clipByValue(tensor([1]) as unknown as Gradients, 1))).toBe(
    "ArgumentError: clipByValue: needs the Gradients of backward(loss), got Tensor",
  );
});

describe("the clip option", () => {
  test.each([
    [{ value: 1 }, clipByValue],
    [{ norm: 1 }, clipByNorm],
    [{ globalNorm: 1 }, clipByGlobalNorm],
  ] as const)("%o does what the function does, to the bit", (option, clip) => {
    const values = [[0.3, -4], [0.7], [-0.1, 0.2, 5]];
    const step = (options: { clip?: Clip }, before: (g: Gradients) => Gradients): number[] => {
      const parameters = values.map((v) => parameter(v.map(() => 1)));
      const sgd = new SGD(
        parameters.map((x, i) => [`x${i}`, x] as const),
        { learningRate: 0.1, ...options },
      );
      sgd.step(before(new Gradients(gradientsOf(parameters, values))));
      return parameters.flatMap((x) => [...x.data]);
    };
    expect(step({ clip: option }, (g) => g)).toEqual(step({}, (g) => clip(g, 1)));
    expect(step({ clip: option }, (g) => g)).not.toEqual(step({}, (g) => g));
  });

  test.each([{ norm: 5 }, { globalNorm: 5 }])("%o leaves short gradients alone, −0 too", (clip) => {
    const x = parameter([-0, 0, Infinity]);
    new SGD([["x", x]], { learningRate: 0.5, clip }).step(gradientsOf([x], [[-0, -2, 3]]));
    expect([...x.data]).toEqual([0, 1, Infinity]);
  });

  test.each([
    [{}, "Object"],
    [{ value: 1, norm: 1 }, "{ value, norm }"],
    [{ clipnorm: 1 }, "{ clipnorm }"],
    [1, "1"],
    [null, "null"],
  ])("%o is refused", (clip, got) => {
    expect(messageOf(() => new SGD([["x", parameter([1])]], { clip: clip as unknown as Clip }))).toBe(
      `ArgumentError: SGD: clip must be one of { value }, { norm }, { globalNorm }, got ${got}`,
    );
  });

  test("a limit out of range is refused", () => {
    expect(messageOf(() => new SGD([["x", parameter([1])]], { clip: { norm: 0 } }))).toBe(
      "ArgumentError: SGD: clip.norm must be a finite number > 0, got 0",
    );
  });

  test.each([{ norm: 1 }, { globalNorm: 1 }])(
    "%o with a NaN names the parameter and changes nothing",
    (clip) => {
      const [x, y] = [parameter([1]), parameter([2, 3])];
      const sgd = new SGD(
        [
          ["x", x],
          ["y", y],
        ],
        { clip, momentum: 0.9, weightDecay: 0.1, decoupledWeightDecay: true },
      );
      const before = sgd.state();
      expect(messageOf(() => sgd.step(gradientsOf([x, y], [[9], [1, Number.NaN]])))).toBe(
        'GradientError: sgd.step: the gradient of "y" is not finite: it has no norm to clip',
      );
      expect([...x.data, ...y.data, sgd.stepCount]).toEqual([1, 2, 3, 0]);
      expect(sgd.state()).toEqual(before);
    },
  );
});
