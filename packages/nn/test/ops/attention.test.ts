import {
  ArgumentError,
  backward,
  createRng,
  ones,
  type Tensor,
  tensor,
  trapNumerics,
  variable,
  zeros,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type AttentionParams, attentionWeights, scaledDotProductAttention } from "../../src/index.ts";
import { expectNear, load, type Stored, stored } from "../fixtures/attention/stored.ts";

interface OpCase {
  readonly inputs: readonly [Stored, Stored, Stored];
  readonly mask: number[][] | null;
  readonly causal: boolean;
  readonly out: Stored;
  readonly weights: Stored;
  readonly cotangent: Stored;
  readonly grads: readonly Stored[];
}

const rng = createRng("attention");

test.each([...(stored.ops as OpCase[]).entries()])("case %i agrees with PyTorch", (_, golden) => {
  const [q, k, v] = golden.inputs.map((x) => variable(load(x)));
  const params = { mask: golden.mask ? tensor(golden.mask) : undefined, causal: golden.causal };
  expectNear(attentionWeights(q, k, params), golden.weights);
  const out = scaledDotProductAttention(q, k, v, params);
  expectNear(out, golden.out);
  const gradients = backward(out, { cotangent: load(golden.cotangent) });
  [q, k, v].forEach((x, i) => {
    expectNear(gradients.of(x), golden.grads[i]);
  });
});

describe("a query that sees no key", () => {
  const [q, k, v] = [[2, 2], [3, 2], [3, 2]].map((shape) => variable(rng.normal(shape))); // biome-ignore format: shapes
  const mask = tensor([[0, 0, 0], [1, 0, 1]]); // biome-ignore format: rows

  test.each([
    ["a mask", { mask }],
    ["a mask and causal", { mask, causal: true }],
    ["a mask of one column", { mask: tensor([[0], [1]]) }],
  ])("has zeros and zero gradients of first and second order: %s", (_, params: AttentionParams) => {
    const out = scaledDotProductAttention(q, k, v, params);
    expect([...out.data.slice(0, 2)]).toEqual([0, 0]);
    expect([...attentionWeights(q, k, params).data.slice(0, 3)]).toEqual([0, 0, 0]);
    const first = backward(out.sum(), { differentiable: true });
    expect([...first.of(q).data.slice(0, 2)].map(Math.abs)).toEqual([0, 0]);
    const second = backward(first.of(q).square().sum().add(first.of(k).square().sum()));
    expect([...second.of(q).data.slice(0, 2)].map(Math.abs)).toEqual([0, 0]);
    for (const gradients of [first, second]) {
      for (const x of [q, k, v]) expect(gradients.get(x)?.data.every(Number.isFinite) ?? true).toBe(true);
    }
  });

  test("is no event for the NaN trap", () => {
    const run = (): Tensor => scaledDotProductAttention(q, k, v, { mask, causal: true });
    expect(trapNumerics(() => backward(run().sum()).of(q)).shape).toEqual([2, 2]);
  });

  test("has scores of any size: extreme products do not reach the weights of other keys", () => {
    const far = tensor([[1e300], [-1e300], [1]]);
    const weights = attentionWeights(ones([1, 1]), far, { mask: tensor([[0, 0, 1]]) });
    expect(weights.toArray()).toEqual([[0, 0, 1]]);
    const low = attentionWeights(ones([1, 1]), tensor([[-1.7e308], [1], [2]]), { mask: tensor([[1, 0, 0]]) });
    expect(low.toArray()).toEqual([[1, 0, 0]]);
  });
});

test("a query without keys has zeros", () => {
  expect(scaledDotProductAttention(zeros([2, 3]), zeros([0, 3]), zeros([0, 1])).toArray()).toEqual([
    [0],
    [0],
  ]);
  const params = { mask: zeros([2, 0]), causal: true };
  expect(scaledDotProductAttention(zeros([2, 3]), zeros([0, 3]), zeros([0, 1]), params).toArray()).toEqual([
    [0],
    [0],
  ]);
});

test("masks with NaN and masks that are added to the scores are refused, with the way out", () => {
  const run = (mask: Tensor) => (): unknown => attentionWeights(zeros([1, 1]), zeros([2, 1]), { mask });
  expect(run(tensor([[1, Number.NaN]]))).toThrow(ArgumentError);
  expect(run(tensor([[1, Number.NaN]]))).toThrow(
    /^attentionWeights\(\[1,1\], \[2,1\]\): a mask has 1 where a key is seen or a step counts, and 0 elsewhere, got NaN$/,
  );
  const way =
    /got -(Infinity|1000000000); equal\(mask, 0\) makes it from a mask that is added to the scores$/;
  expect(run(tensor([[0, Number.NEGATIVE_INFINITY]]))).toThrow(way);
  expect(run(tensor([[0, -1e9]]))).toThrow(way);
});

test("causal: a later key and value do not change earlier results", () => {
  const [q, k, v] = [rng.normal([4, 3]), rng.normal([4, 3]), rng.normal([4, 3])];
  const before = scaledDotProductAttention(q, k, v, { causal: true });
  const other = (x: Tensor): Tensor => x.add(tensor([[0], [0], [0], [9]]));
  const after = scaledDotProductAttention(q, other(k), other(v), { causal: true });
  expect(after.data.slice(0, 9)).toEqual(before.data.slice(0, 9));
  expect(after.data.slice(9)).not.toEqual(before.data.slice(9));
});
