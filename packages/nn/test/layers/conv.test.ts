import { ArgumentError, createRng, ones, type Rng, ShapeError, selu, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  constantInit,
  convTranspose2d,
  fansOf,
  heNormal,
  lecunNormal,
  namedParameters,
  orthogonal,
} from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectMoments } from "../support.ts";

const rng = (): Rng => createRng("weights");

describe("Conv2d", () => {
  test("adds a bias to the convolution, and applies its activation", () => {
    const layer = new Conv2d(1, 2, 2, { rng: rng(), init: constantInit(1), activation: (x) => x.mul(2) });
    layer.bias?.assign([10, 20]);
    const x = tensor([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
    expect(layer.forward(x).toArray()).toEqual([[[[44, 64], [52, 72]]]]); // biome-ignore format: one line
  });

  test("a kernel [3, 3, 16, 32] has a fan-in of 3·3·16, and starts LeCun normal from the given stream", () => {
    expect(fansOf([3, 3, 16, 32])).toEqual({ fanIn: 144, fanOut: 288 });
    const layer = new Conv2d(16, 32, 3, { rng: rng() });
    expect(layer.weight.shape).toEqual([3, 3, 16, 32]);
    expect(layer.weight.data).toEqual(lecunNormal([3, 3, 16, 32], rng()).data);
    expectMoments(layer.weight, 0, 1 / 144);
    expect(layer.bias?.toArray()).toEqual(new Array(32).fill(0));
    expect(new Conv2d(2, 4, 3, { rng: rng(), init: heNormal, groups: 2 }).weight.data).toEqual(
      heNormal([3, 3, 1, 4], rng()).data,
    );
    expect(new Conv2d(4, 2, 2, { rng: rng(), init: orthogonal() }).weight.shape).toEqual([2, 2, 4, 2]);
  });

  test("keeps the variance 1 of its input", () => {
    const layer = new Conv2d(8, 64, 3, { rng: rng(), padding: "valid" });
    const y = layer.forward(createRng("x").normal([8, 10, 10, 8]));
    expect(Math.abs(y.variance().item() - 1)).toBeLessThan(0.1);
  });

  test.each([
    { padding: "same", stride: 2 },
    { groups: 2, bias: false },
    { dilation: [1, 2], padding: [1, 0], activation: selu },
  ] as const)("passes the gradient checks for input, weight and bias: %j", (options) => {
    checkLayer(new Conv2d(2, 2, [2, 3], { rng: rng(), ...options }), [awayFromKinks([2, 3, 5, 2])]);
  });

  test("has its options in its text, and its parameters by name", () => {
    expect(String(new Conv2d(1, 8, 5, { rng: rng() }))).toBe("Conv2d(1, 8, 5)");
    const options = { rng: rng(), padding: "same", stride: [1, 2], bias: false, activation: selu } as const;
    const layer = new Conv2d(1, 8, [5, 3], options);
    expect(String(layer)).toBe(
      'Conv2d(1, 8, [5, 3], stride=[1, 2], padding="same", activation=selu, bias=false)',
    );
    expect(layer.params).toEqual({ stride: [1, 2], padding: "same", dilation: 1, groups: 1 });
    expect(namedParameters(new Conv2d(1, 8, 5, { rng: rng() })).map(([name]) => name)).toEqual([
      "weight",
      "bias",
    ]);
  });

  test("refuses images of other channels, and says what to do with channels-first images", () => {
    const layer = new Conv2d(1, 8, 5, { rng: rng() });
    expect(() => layer.forward(ones([2, 28, 28, 3]))).toThrow(
      new ShapeError("Conv2d(1, 8, 5): expects an input [N, height, width, 1], got [2,28,28,3]"),
    );
    const hint =
      "channels are the last axis here: permute(x, { axes: [0, 2, 3, 1] }) turns [n, c, h, w] into [n, h, w, c]";
    expect(() => layer.forward(ones([2, 1, 28, 28]))).toThrow(`got [2,1,28,28]; ${hint}`);
    const colours = new Conv2d(3, 8, 5, { rng: rng() });
    expect(() => colours.forward(ones([2, 3, 8, 9]))).toThrow(`got [2,3,8,9]; ${hint}`);
    expect(() => layer.forward(ones([28, 28, 1]))).toThrow(
      "expects an input [N, height, width, 1], got [28,28,1]",
    );
    expect(() => layer.forward(ones([1, 4, 9, 1]))).toThrow(
      "conv2d([1,4,9,1], [5,5,1,8]): the kernel spans 5 along the height, the padded image 4",
    );
  });

  test("refuses bad sizes and options at construction", () => {
    const refused: readonly (readonly [() => unknown, string])[] = [
      [
        () => new Conv2d(0, 8, 5, { rng: rng() }),
        "Conv2d: the number of input channels must be a whole number ≥ 1, got 0",
      ],
      [() => new Conv2d(1, 1.5, 5, { rng: rng() }), "Conv2d: the number of output channels must be"],
      [
        () => new Conv2d(1, 8, 0, { rng: rng() }),
        "Conv2d: the size of the kernel must be a whole number ≥ 1 or a pair",
      ],
      [() => new Conv2d(1, 8, [5], { rng: rng() }), "Conv2d: the size of the kernel must be"],
      [
        () => new Conv2d(1, 8, 5, {} as never),
        "Conv2d(1, 8, 5): rng must be a random stream from createRng(seed)",
      ],
      [
        () => new Conv2d(1, 8, 5, { rng: rng(), stride: 0 }),
        "Conv2d(1, 8, 5): stride must be a whole number ≥ 1",
      ],
      [
        () => new Conv2d(1, 8, 5, { rng: rng(), stride: new Array(2) as never }),
        "Conv2d(1, 8, 5): stride must be a whole number ≥ 1 or a pair [height, width] of them, got [undefined,undefined]",
      ],
      [
        () => new Conv2d(1, 8, 5, { rng: rng(), padding: "full" as never }),
        'or "same" or "valid", got "full"',
      ],
      [
        () => new Conv2d(3, 8, 5, { rng: rng(), groups: 2 }),
        "Conv2d(3, 8, 5): groups must divide the number of input channels, got 2",
      ],
      [
        () => new Conv2d(2, 3, 5, { rng: rng(), groups: 2 }),
        "groups must divide the number of output channels, got 2",
      ],
      [
        () => new Conv2d(1, 8, 5, { rng: rng() }, {} as never),
        "Conv2d(inputChannels, outputChannels, kernel, options): takes nothing after options",
      ],
    ];
    for (const [make, message] of refused) {
      expect(make).toThrow(ArgumentError);
      expect(make).toThrow(message);
    }
  });
});

describe("Conv1d", () => {
  test("has a weight [kernel, in, out], and passes the gradient checks", () => {
    const layer = new Conv1d(2, 3, 2, { rng: rng(), padding: "same" });
    expect(layer.weight.shape).toEqual([2, 2, 3]);
    expect(layer.forward(ones([4, 7, 2])).shape).toEqual([4, 7, 3]);
    checkLayer(layer, [awayFromKinks([2, 4, 2])]);
    expect(String(layer)).toBe('Conv1d(2, 3, 2, padding="same")');
  });

  test("refuses sequences with their channels first, and pairs", () => {
    const layer = new Conv1d(2, 3, 2, { rng: rng() });
    expect(() => layer.forward(ones([4, 2, 7]))).toThrow(
      "Conv1d(2, 3, 2): expects an input [N, time, 2], got [4,2,7]; channels are the last axis here: permute(x, { axes: [0, 2, 1] })",
    );
    expect(() => new Conv1d(2, 3, [2, 2] as never, { rng: rng() })).toThrow(
      "the size of the kernel must be a whole number",
    );
    expect(() => new Conv1d(2, 3, 2, { rng: rng(), stride: [1, 1] as never })).toThrow(
      "stride must be a whole number ≥ 1",
    );
  });
});

describe("ConvTranspose2d", () => {
  test("makes images larger, with a weight [kh, kw, out, in], and passes the gradient checks", () => {
    const layer = new ConvTranspose2d(3, 2, [2, 3], { rng: rng(), stride: 2 });
    expect(layer.weight.shape).toEqual([2, 3, 2, 3]);
    expect(layer.forward(ones([1, 4, 5, 3])).shape).toEqual([1, 8, 11, 2]);
    checkLayer(layer, [awayFromKinks([1, 2, 2, 3])]);
    expect(String(layer)).toBe("ConvTranspose2d(3, 2, [2, 3], stride=2)");
  });

  test("initializers get [kh, kw, in/groups, out]: each weight is the one from an input channel to an output channel", () => {
    const [inputs, outputs, groups] = [4, 6, 2];
    // The value of the weight from input i (in its group) to output o is i + 10·o.
    const init = (shape: readonly number[]) => {
      expect(shape).toEqual([1, 1, 2, 6]);
      return tensor([0, 10, 20, 30, 40, 50, 1, 11, 21, 31, 41, 51], shape);
    };
    const layer = new ConvTranspose2d(inputs, outputs, 1, { rng: rng(), init, groups });
    for (let i = 0; i < inputs; i++) {
      const x = tensor([0, 0, 0, 0].with(i, 1), [1, 1, 1, 4]);
      const group = Math.floor(i / 2);
      const expected = [0, 0, 0, 0, 0, 0].map((_, o) => (Math.floor(o / 3) === group ? (i % 2) + 10 * o : 0));
      expect([...layer.forward(x).data]).toEqual(expected);
    }
  });

  test("is its op with a bias", () => {
    const layer = new ConvTranspose2d(2, 1, 3, { rng: rng(), stride: 2, padding: 1, outputPadding: 1 });
    layer.bias?.assign([0.5]);
    const x = awayFromKinks([1, 3, 3, 2]);
    const expected = convTranspose2d(x, layer.weight, { stride: 2, padding: 1, outputPadding: 1 }).add(0.5);
    expect(layer.forward(x).data).toEqual(expected.data);
  });
});
