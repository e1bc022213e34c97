import { ArgumentError, createRng, FormatError, Parameter, type Tensor, tensor, zeros } from "@gradus/core";
import {
  BatchNorm,
  Dense,
  Embedding,
  LayerNorm,
  LearnedPositions,
  PReLU,
  Sequential,
  TransformerBlock,
} from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { loadWeights, writeSafetensors } from "../../src/index.ts";
import { bias, dense, rng, square, torchFile } from "./support.ts";

describe('K11: from: "torch"', () => {
  test("finds the names and the layout of PyTorch's layers in a Sequential", () => {
    const net = new Sequential(
      new Embedding(3, 2, { rng }),
      new Sequential(new Dense(2, 3, { rng }), new BatchNorm(3)),
      new PReLU(3),
      new LayerNorm(3),
    );
    const table = tensor([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: a matrix
    const numbers = (start: number): Tensor => tensor([start, start + 1, start + 2]);
    loadWeights(
      net,
      torchFile({
        "0.weight": table,
        "1.0.weight": table,
        "1.0.bias": numbers(1),
        "1.1.weight": numbers(2),
        "1.1.bias": numbers(3),
        "1.1.running_mean": numbers(4),
        "1.1.running_var": numbers(5),
        "1.1.num_batches_tracked": tensor(7),
        "2.weight": numbers(6),
        "3.weight": numbers(7),
        "3.bias": numbers(8),
      }),
      { from: "torch" },
    );
    const [embedding, inner, prelu, norm] = net.layers;
    const [linear, batchNorm] = inner.layers;
    expect([...embedding.weight.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(linear.weight.toArray()).toEqual([[1, 3, 5], [2, 4, 6]]); // biome-ignore format: a matrix
    const { scale, shift, runningMean, runningVariance } = batchNorm;
    expect(
      [linear.bias as Tensor, scale, shift, runningMean, runningVariance].map(({ data }) => data[0]),
    ).toEqual([1, 2, 3, 4, 5]);
    expect([prelu.slope, norm.scale, norm.shift].map(({ data }) => data[0])).toEqual([6, 7, 8]);
  });

  test("asks for the matrices of layers of your own", () => {
    class Mixer {
      readonly a: Parameter = new Parameter(zeros([2, 2]));
      readonly dense: Dense = dense();
      forward(x: Tensor): Tensor {
        return this.dense.forward(x.matmul(this.a));
      }
    }
    const file = torchFile({ a: square, "dense.weight": square, "dense.bias": bias });
    const net = new Mixer();
    const load = (): void => loadWeights(net, file, { from: "torch" });
    expect(load).toThrow(ArgumentError);
    expect(load).toThrow(
      '"a" is a matrix of a layer of your own: list the matrices to transpose, such as transpose: ["a","dense.weight"]',
    );
    loadWeights(net, file, { from: "torch", transpose: ["dense.weight"] });
    expect([...net.a.data, ...net.dense.weight.data]).toEqual([1, 2, 3, 4, 1, 3, 2, 4]);
  });

  test("compares shapes after transposing", () => {
    const load = (): void =>
      loadWeights(new Dense(2, 3, { rng }), torchFile({ weight: zeros([2, 3]), bias: zeros([3]) }), {
        from: "torch",
      });
    expect(load).toThrow(FormatError);
    expect(load).toThrow('"weight" is [3,2] where the net has [2,3]');
    const vector = (): void =>
      loadWeights(dense(), torchFile({ weight: zeros([2]), bias }), { from: "torch" });
    expect(vector).toThrow('"weight" is [2] where the net has [2,2]');
  });
});

test('the state of nn.TransformerEncoderLayer fits a TransformerBlock with from: "torch" and four names', () => {
  const draw = createRng("state");
  const shapes = {
    "1.self_attn.in_proj_weight": [6, 2],
    "1.self_attn.in_proj_bias": [6],
    "1.self_attn.out_proj.weight": [2, 2],
    "1.self_attn.out_proj.bias": [2],
    "1.linear1.weight": [8, 2],
    "1.linear1.bias": [8],
    "1.linear2.weight": [2, 8],
    "1.linear2.bias": [2],
    "1.norm1.weight": [2],
    "1.norm1.bias": [2],
    "1.norm2.weight": [2],
    "1.norm2.bias": [2],
    "0.weight": [3, 2],
  };
  const state = Object.entries(shapes).map(([name, shape]) => [name, draw.normal(shape)] as const);
  const file = writeSafetensors(state, { metadata: [["format", "pt"]] });
  const net = new Sequential(new LearnedPositions(3, 2, { rng }), new TransformerBlock(2, 1, { rng }));
  const names: [RegExp | string, string][] = [
    ["self_attn", "attention"],
    [/in_proj_(\w+)/, "inProjection.$1"],
    ["out_proj", "outProjection"],
    ["linear1", "hidden"],
    ["linear2", "output"],
  ];
  const rename = (name: string): string => names.reduce((old, [from, to]) => old.replace(from, to), name);
  loadWeights(net, file, { from: "torch", rename });
  const given = new Map(state);
  const block = net.layers[1] as TransformerBlock;
  const { inProjection, outProjection } = block.attention;
  expect(inProjection.weight.data).toEqual(given.get("1.self_attn.in_proj_weight")?.transpose().data);
  expect(inProjection.bias?.data).toEqual(given.get("1.self_attn.in_proj_bias")?.data);
  expect(outProjection.weight.data).toEqual(given.get("1.self_attn.out_proj.weight")?.transpose().data);
  expect(block.hidden.weight.data).toEqual(given.get("1.linear1.weight")?.transpose().data);
  expect(block.output.weight.data).toEqual(given.get("1.linear2.weight")?.transpose().data);
  expect(block.norm2.shift.data).toEqual(given.get("1.norm2.bias")?.data);
  expect((net.layers[0] as LearnedPositions).weight.data).toEqual(given.get("0.weight")?.data);
});
