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
import { type LoadWeightsOptions, loadWeights, saveWeights, writeSafetensors } from "../src/index.ts";

const rng = createRng(1);
const dense = (): Dense => new Dense(2, 2, { rng });
const square = tensor([[1, 2], [3, 4]]); // biome-ignore format: a matrix
const bias = tensor([0, 0]);

/** A file as `safetensors.torch.save_file(tensors, path, metadata={"format": "pt"})` writes it. */
const torchFile = (tensors: Record<string, Tensor>, format = "pt"): Uint8Array =>
  writeSafetensors(Object.entries(tensors), { dtype: "F32", metadata: [["format", format]] });

/** The output of a linear layer for [0, 1]. */
const output = (net: Dense | Sequential): number[] => [...net.forward(tensor([[0, 1]])).data];

describe("K11: the square matrix of a linear layer of PyTorch", () => {
  const file = torchFile({ weight: square, bias });

  test('is transposed with from: "torch": y = x·Wᵀ', () => {
    const net = dense();
    loadWeights(net, file, { from: "torch" });
    expect(output(net)).toEqual([2, 4]);
  });

  test.each(["pt", "mlx"])(
    "is never taken the wrong way round silently, if the metadata say %j",
    (format) => {
      const net = dense();
      const before = [...net.weight.data];
      const load = (): void => loadWeights(net, torchFile({ weight: square, bias }, format));
      expect(load).toThrow(ArgumentError);
      expect(load).toThrow(
        /the file is from (PyTorch|MLX), whose linear layers have matrices \[out, in\].* pass from: "torch"/,
      );
      expect([...net.weight.data]).toEqual(before);
    },
  );

  test('is taken as it is with from: "gradus", or as the list of matrices says', () => {
    const net = dense();
    loadWeights(net, file, { from: "gradus" });
    expect(output(net)).toEqual([3, 4]);
    loadWeights(net, file, { transpose: ["weight"] });
    expect(output(net)).toEqual([2, 4]);
    loadWeights(net, file, { transpose: [] });
    expect(output(net)).toEqual([3, 4]);
    loadWeights(net, file, { transpose: (name) => name === "weight" });
    expect(output(net)).toEqual([2, 4]);
  });

  test("is no question for files of other programs, of gradus, and for nets without a matrix", () => {
    const net = dense();
    loadWeights(net, torchFile({ weight: square, bias }, "np"));
    expect(output(net)).toEqual([3, 4]);
    loadWeights(net, saveWeights(net));
    const norm = new LayerNorm(2);
    loadWeights(norm, torchFile({ scale: bias, shift: bias }));
    expect(() => loadWeights(net, saveWeights(net), { from: "torch" })).toThrow("gradus wrote this one");
  });
});

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

describe("K11: rename", () => {
  const file = writeSafetensors([["model.fc.weight", square], ["model.fc.bias", bias], ["step", tensor(3)]]); // biome-ignore format: short

  test.each<[string, LoadWeightsOptions["rename"]]>([
    ["an object", { "model.fc.weight": "weight", "model.fc.bias": "bias", step: null }],
    ["a function", (name) => (name === "step" ? null : name.replace("model.fc.", ""))],
  ])("may be %s, and leaves tensors out with null", (_, rename) => {
    const net = dense();
    loadWeights(net, file, { rename: rename as NonNullable<typeof rename> });
    expect(output(net)).toEqual([3, 4]);
  });

  test("comes before the names of PyTorch", () => {
    const net = new Sequential(dense());
    loadWeights(net, torchFile({ "net.0.weight": square, "net.0.bias": bias }), {
      from: "torch",
      rename: (name) => name.slice(4),
    });
    expect(output(net)).toEqual([2, 4]);
  });

  test.each<[string, unknown, string]>([
    [
      "a name that the file does not have",
      { rename: { weight: "w" } },
      'rename: the file has no "weight"; it has ["model.fc.weight"',
    ],
    [
      "a Map",
      { rename: new Map([["model.fc.weight", "weight"]]) },
      "rename must be an object of names, or a function of a name, got Map",
    ],
    [
      "two tensors for one name",
      { rename: () => "weight" },
      '"model.fc.weight" and "model.fc.bias" of the file are both for "weight"',
    ],
    [
      "no name",
      { rename: () => undefined },
      'rename must give a name or null for "model.fc.weight", got undefined',
    ],
    ["a list", { rename: ["weight"] }, "loadWeights: rename must be an object of names, or a function"],
    [
      "a matrix that the net does not have",
      { transpose: ["bias"] },
      'the net has no matrix "bias"; it has ["weight"]',
    ],
    ["a number", { transpose: [0] }, "loadWeights: transpose must be a list of names"],
    ["another program", { from: "keras" }, 'loadWeights: from must be "gradus" or "torch", got "keras"'],
    ["an unknown option", { map: {} }, 'loadWeights: unknown option "map"'],
  ])("%s is refused", (_, options, message) => {
    const load = (): void => loadWeights(dense(), file, options as LoadWeightsOptions);
    expect(load).toThrow(ArgumentError);
    expect(load).toThrow(message);
  });

  test("keys such as __proto__ are ordinary names", () => {
    const load = (): void => loadWeights(dense(), writeSafetensors([["__proto__", bias], ["constructor", bias]]), { rename: { constructor: "bias" } }); // biome-ignore format: short
    expect(load).toThrow('missing "weight"; unexpected "__proto__"');
  });
});

test("K11: a tensor of an unknown dtype that the net does not need can be left out, one that it needs is named", () => {
  const header =
    '{"weight":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]},"bias":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}';
  const file = new Uint8Array(8 + header.length + 6);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(new TextEncoder().encode(header), 8);
  const norm = { bias: new Parameter(zeros([2])) };
  loadWeights(norm, file, { rename: { weight: null } });
  const net = dense();
  const before = [...net.weight.data];
  expect(() => loadWeights(net, file)).toThrow('tensor "weight" is "F8_E4M3", which gradus does not read');
  expect([...net.weight.data]).toEqual(before);
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
