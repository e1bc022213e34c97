import { ArgumentError, backward, createRng, ones, ShapeError, tensor, variable, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { glorotUniform, MultiHeadAttention, namedParameters } from "../../src/index.ts";
import { assignAll, expectNear, load, type Stored, stored } from "../fixtures/attention/stored.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

interface AttentionCase {
  readonly size: number;
  readonly heads: number;
  readonly bias: boolean;
  readonly x: Stored;
  readonly memory: Stored | null;
  readonly mask: number[][] | null;
  readonly lengths: number[] | null;
  readonly parameters: Readonly<Record<string, Stored>>;
  readonly out: Stored;
  readonly weights: Stored;
  readonly cotangent: Stored;
  readonly inputGrads: readonly Stored[];
  readonly grads: Readonly<Record<string, Stored>>;
}

const rng = createRng("multi-head attention");

test.each([...(stored.attention as AttentionCase[]).entries()])(
  "case %i agrees with nn.MultiheadAttention of PyTorch: results, weights and all gradients",
  (_, golden) => {
    const layer = new MultiHeadAttention(golden.size, golden.heads, { rng, bias: golden.bias });
    assignAll(layer, golden.parameters);
    const x = variable(load(golden.x));
    const memory = golden.memory ? variable(load(golden.memory)) : undefined;
    const inputs = {
      memory,
      mask: golden.mask ? tensor(golden.mask) : undefined,
      lengths: golden.lengths ? tensor(golden.lengths) : undefined,
    };
    for (const mode of [undefined, { train: true, rng } as const]) {
      const out = layer.forward(x, mode, inputs);
      expectNear(out, golden.out);
      const gradients = backward(out, { cotangent: load(golden.cotangent) });
      [x, ...(memory ? [memory] : [])].forEach((input, i) => {
        expectNear(gradients.of(input), golden.inputGrads[i]);
      });
      for (const [name, parameter] of namedParameters(layer)) {
        expectNear(gradients.of(parameter), golden.grads[name]);
      }
    }
    expectNear(layer.weights(x, inputs), golden.weights);
  },
);

describe("MultiHeadAttention", () => {
  test("starts Glorot uniform with biases 0, the first projection first", () => {
    const stream = createRng("weights");
    const layer = new MultiHeadAttention(4, 2, { rng: createRng("weights") });
    expect(layer.inProjection.weight.data).toEqual(glorotUniform([4, 12], stream).data);
    expect(layer.outProjection.weight.data).toEqual(glorotUniform([4, 4], stream).data);
    expect(namedParameters(layer).map(([name, { shape }]) => [name, shape])).toEqual([
      ["inProjection.weight", [4, 12]],
      ["inProjection.bias", [12]],
      ["outProjection.weight", [4, 4]],
      ["outProjection.bias", [4]],
    ]);
    for (const { bias } of [layer.inProjection, layer.outProjection])
      expect(bias?.data.every((b) => b === 0)).toBe(true);
    expect(namedParameters(new MultiHeadAttention(4, 2, { rng, bias: false })).length).toBe(2);
  });

  test("passes the gradient checks of first and second order", () => {
    checkLayer(new MultiHeadAttention(4, 2, { rng, causal: true }), [awayFromKinks([2, 3, 4])]);
    checkLayer(new MultiHeadAttention(2, 1, { rng, dropout: 0.4 }), [awayFromKinks([1, 3, 2])], true);
  });

  test("a sequence of length 0 gets the last bias and leaves no gradient", () => {
    const layer = new MultiHeadAttention(2, 1, { rng });
    layer.outProjection.bias?.assign([3, 4]);
    const x = variable(rng.normal([2, 2, 2]));
    const out = layer.forward(x, undefined, { lengths: tensor([0, 2]) });
    expect([...out.data.slice(0, 4)]).toEqual([3, 4, 3, 4]);
    const gradient = backward(out.square().sum()).of(x);
    expect([...gradient.data.slice(0, 4)].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(gradient.data.every(Number.isFinite)).toBe(true);
  });

  test("padding does not matter: other numbers behind the lengths give the same bits before them", () => {
    const layer = new MultiHeadAttention(4, 2, { rng });
    const x = rng.normal([2, 3, 4]);
    const other = x.add(tensor([[[0], [9], [9]], [[0], [0], [9]]])); // biome-ignore format: sequences
    const [a, b] = [x, other].map(
      (input) => layer.forward(input, undefined, { lengths: tensor([1, 2]) }).data,
    );
    expect(a.slice(0, 4)).toEqual(b.slice(0, 4));
    expect(a.slice(12, 20)).toEqual(b.slice(12, 20));
  });

  test("a mask of three axes has no axis for the heads, also with as many sequences as heads", () => {
    const layer = new MultiHeadAttention(4, 2, { rng });
    const x = rng.normal([2, 2, 4]);
    const mask = tensor([[[1, 0], [1, 0]], [[1, 1], [1, 1]]]); // biome-ignore format: sequences
    const weights = layer.weights(x, { mask });
    expect(weights.slice({ axis: 0, end: 1 }).flatten().toArray()).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    const perHead = layer.weights(x, { mask: mask.reshape({ shape: [1, 2, 2, 2] }) });
    expect([...perHead.data.slice(8, 12)]).toEqual([1, 0, 1, 0]);
    expect(perHead.data[4]).not.toBe(1);
  });

  test("dropout is for training, and drops weights", () => {
    const layer = new MultiHeadAttention(4, 2, { rng, dropout: 1 });
    const x = rng.normal([1, 3, 4]);
    expect(layer.forward(x, { train: true, rng }).data.every((y) => y === 0)).toBe(true); // the last bias
    expect(layer.forward(x).data.every((y) => y === 0)).toBe(false);
  });

  test("takes empty batches and empty sequences", () => {
    const layer = new MultiHeadAttention(4, 2, { rng, causal: true });
    expect(layer.forward(zeros([0, 3, 4])).shape).toEqual([0, 3, 4]);
    expect(layer.forward(zeros([2, 0, 4])).shape).toEqual([2, 0, 4]);
    const lengths = tensor([0, 0]);
    expect(layer.forward(zeros([2, 1, 4]), undefined, { memory: zeros([2, 0, 4]), lengths }).toArray()).toEqual([[[0, 0, 0, 0]], [[0, 0, 0, 0]]]); // biome-ignore format: one line
  });

  test("refuses inputs, memories, masks and lengths that do not fit, by name and with the shapes", () => {
    const layer = new MultiHeadAttention(4, 2, { rng });
    const run = (shape: number[], inputs?: object) => (): unknown =>
      layer.forward(ones(shape), undefined, inputs);
    const name = "MultiHeadAttention(4, 2): expects";
    expect(run([2, 3, 5])).toThrow(new ShapeError(`${name} an input [n, time, 4], got [2,3,5]`));
    expect(run([3, 4])).toThrow(`${name} an input [n, time, 4], got [3,4]`);
    expect(run([2, 3, 4], { memory: ones([1, 3, 4]) })).toThrow(
      new ShapeError(`${name} a memory [2, keys, 4] for an input [2,3,4], got [1,3,4]`),
    );
    expect(run([2, 3, 4], { memory: ones([2, 3, 8]) })).toThrow("got [2,3,8]");
    expect(run([2, 3, 4], { memory: ones([2, 4]) })).toThrow("got [2,4]");
    const forms = "a mask [3,3], [2,3,3] or [2,2,3,3], or 1 in place of a size, got";
    for (const shape of [[3], [2, 3], [3, 3, 3], [2, 3, 3, 3], [1, 2, 2, 3, 3], []]) {
      expect(run([2, 3, 4], { mask: ones(shape) })).toThrow(new ShapeError(`${name} ${forms} [${shape}]`));
    }
    expect(run([2, 3, 4], { lengths: ones([3]) })).toThrow(
      new ShapeError(`${name} lengths [2], one for each sequence, got [3]`),
    );
    expect(run([2, 3, 4], { lengths: ones([2, 1]) })).toThrow("got [2,1]");
    expect(run([2, 3, 4], { lengths: tensor([1, 4]) })).toThrow("length 1 is 4");
    expect(run([2, 3, 4], { lengths: [1, 2] })).toThrow(
      "lengths must be a tensor [n]; tensor([3, 5]) makes one",
    );
    expect(run([2, 3, 4], { mask: ones([3, 3]).mul(2) })).toThrow("a mask has 1 where a key is seen");
    const hidden = { mask: tensor([[1, 1, 7], [1, 1, 1], [1, 1, 1]]), lengths: tensor([2, 2]) }; // biome-ignore format: rows
    expect(run([2, 3, 4], hidden)).toThrow(
      "a mask has 1 where a key is seen or a step counts, and 0 elsewhere, got 7",
    );
    expect(run([2, 3, 4], { key: ones([2, 3, 4]) })).toThrow(/unknown option "key"/);
  });

  test("refuses sizes, heads and options that do not fit, and has its options in its text", () => {
    expect(() => new MultiHeadAttention(64, 5, { rng })).toThrow(
      new ArgumentError("MultiHeadAttention(64, 5): 5 heads do not divide 64 features; 4 would"),
    );
    expect(() => new MultiHeadAttention(3, 4, { rng })).toThrow("4 heads do not divide 3 features; 3 would");
    expect(() => new MultiHeadAttention(0, 1, { rng })).toThrow(
      "MultiHeadAttention: size must be a whole number ≥ 1",
    );
    expect(() => new MultiHeadAttention(4, 0, { rng })).toThrow(
      "MultiHeadAttention: heads must be a whole number ≥ 1",
    );
    expect(() => new MultiHeadAttention(4, 1.5, { rng })).toThrow(ArgumentError);
    expect(() => new MultiHeadAttention(4, 2, { rng, dropout: 2 })).toThrow(
      "MultiHeadAttention(4, 2): dropout must be in [0, 1], got 2",
    );
    expect(() => new MultiHeadAttention(4, 2, {} as never)).toThrow("rng must be a random stream");
    expect(() => new MultiHeadAttention(4, 2, { rng, heads: 2 } as never)).toThrow("unknown option");
    expect(() => new MultiHeadAttention(4, 2, { rng }, 3 as never)).toThrow("takes nothing after options");
    const options = { rng, causal: true, dropout: 0.1, bias: false };
    expect(String(new MultiHeadAttention(4, 2, options))).toBe(
      "MultiHeadAttention(4, 2, causal=true, dropout=0.1, bias=false)",
    );
  });
});
