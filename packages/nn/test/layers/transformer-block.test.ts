import {
  ArgumentError,
  backward,
  createRng,
  gelu,
  ones,
  relu,
  ShapeError,
  tensor,
  variable,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { namedParameters, TransformerBlock } from "../../src/index.ts";
import { assignAll, expectNear, load, type Stored, stored } from "../fixtures/attention/stored.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

interface BlockCase {
  readonly size: number;
  readonly heads: number;
  readonly hidden: number;
  readonly norm: "pre" | "post";
  readonly activation: "relu" | "gelu";
  readonly causal: boolean;
  readonly lengths: number[] | null;
  readonly x: Stored;
  readonly parameters: Readonly<Record<string, Stored>>;
  readonly out: Stored;
  readonly cotangent: Stored;
  readonly inputGrad: Stored;
  readonly grads: Readonly<Record<string, Stored>>;
}

const rng = createRng("transformer block");

test.each([...(stored.blocks as BlockCase[]).entries()])(
  "case %i agrees with nn.TransformerEncoderLayer of PyTorch, in training and in evaluation",
  (_, golden) => {
    const { size, heads, hidden, norm, causal } = golden;
    const activation = golden.activation === "relu" ? relu : gelu;
    const block = new TransformerBlock(size, heads, { rng, hidden, norm, causal, activation });
    assignAll(block, golden.parameters);
    const x = variable(load(golden.x));
    const inputs = golden.lengths ? { lengths: tensor(golden.lengths) } : {};
    for (const mode of [undefined, { train: true, rng } as const]) {
      const out = block.forward(x, mode, inputs);
      expectNear(out, golden.out);
      const gradients = backward(out, { cotangent: load(golden.cotangent) });
      expectNear(gradients.of(x), golden.inputGrad);
      for (const [name, parameter] of namedParameters(block)) {
        expectNear(gradients.of(parameter), golden.grads[name]);
      }
    }
  },
);

describe("TransformerBlock", () => {
  test.each([{}, { norm: "post", causal: true }] as const)("passes the gradient checks: %j", (options) => {
    const block = new TransformerBlock(2, 1, { rng, hidden: 3, ...options });
    checkLayer(block, [awayFromKinks([1, 3, 2])]);
  });

  test("drops at four places, in training only", () => {
    const block = new TransformerBlock(4, 2, { rng, dropout: 0.5 });
    const x = rng.normal([2, 3, 4]);
    const stream = createRng("masks");
    const first = block.forward(x, { train: true, rng: stream });
    // Weights [2, 2, 3, 3], results of the halves [2, 3, 4] twice, hidden units [2, 3, 16].
    const fresh = createRng("masks");
    fresh.uniform([36 + 24 + 96 + 24]);
    expect(stream.state()).toEqual(fresh.state());
    expect(block.forward(x).data).not.toEqual(first.data);
    expect(new TransformerBlock(4, 2, { rng, dropout: 1 }).forward(x, { train: true, rng }).data).toEqual(
      x.data,
    );
  });

  test("starts with hidden units of 4·size, the parameters of each part in order", () => {
    const names = namedParameters(new TransformerBlock(4, 2, { rng })).map(
      ([name, { shape }]) => `${name} ${shape}`,
    );
    expect(names).toEqual([
      "attention.inProjection.weight 4,12",
      "attention.inProjection.bias 12",
      "attention.outProjection.weight 4,4",
      "attention.outProjection.bias 4",
      "norm1.scale 4",
      "norm1.shift 4",
      "norm2.scale 4",
      "norm2.shift 4",
      "hidden.weight 4,16",
      "hidden.bias 16",
      "output.weight 16,4",
      "output.bias 4",
    ]);
  });

  test("refuses what does not fit, and has its options in its text", () => {
    const block = new TransformerBlock(4, 2, { rng });
    expect(() => block.forward(ones([3, 4]))).toThrow(
      new ShapeError("TransformerBlock(4, 2): expects an input [n, time, 4], got [3,4]"),
    );
    expect(() => block.forward(ones([1, 3, 4]), undefined, { mask: ones([2, 2]) })).toThrow(ShapeError);
    expect(() => block.forward(ones([1, 3, 4]), undefined, { memory: ones([1, 3, 4]) } as never)).toThrow(
      'unknown option "memory"',
    );
    expect(() => new TransformerBlock(64, 5, { rng })).toThrow(
      new ArgumentError("TransformerBlock(64, 5): 5 heads do not divide 64 features; 4 would"),
    );
    const bad = [
      [{ norm: "first" }, 'norm must be "pre" or "post", got "first"'],
      [{ hidden: 0 }, "hidden must be a whole number ≥ 1, got 0"],
      [{ activation: "relu" }, "did you mean the function relu, without quotes?"],
      [{ dropout: -1 }, "dropout must be in [0, 1], got -1"],
      [{ causal: 1 }, "causal must be true or false, got 1"],
      [{ epsilon: -1 }, "epsilon must be a finite number ≥ 0"],
      [{ normFirst: true }, 'unknown option "normFirst"'],
    ] as const;
    for (const [options, message] of bad) {
      const make = (): unknown => new TransformerBlock(4, 2, { rng, ...options } as never);
      expect(make).toThrow(message);
      expect(make).toThrow(/^TransformerBlock\(4, 2\): /);
    }
    expect(() => new TransformerBlock(4, 2, {} as never)).toThrow("rng must be a random stream");
    expect(String(block)).toBe("TransformerBlock(4, 2)");
    const options = {
      rng,
      causal: true,
      norm: "post",
      hidden: 8,
      activation: gelu,
      dropout: 0.1,
      epsilon: 1e-3,
    } as const;
    expect(String(new TransformerBlock(4, 2, options))).toBe(
      "TransformerBlock(4, 2, causal=true, norm=post, hidden=8, activation=gelu, dropout=0.1, epsilon=0.001)",
    );
  });
});
