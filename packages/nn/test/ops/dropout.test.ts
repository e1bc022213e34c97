import { backward, createRng, full, ones, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { bernoulliMask, dropout } from "../../src/index.ts";

describe("dropout", () => {
  test("divides kept units by 1 − p and sets the others to 0", () => {
    const x = createRng("x").normal([40]);
    const mask = bernoulliMask({ shape: [40], probability: 0.7, rng: createRng("mask") });
    const out = dropout(x, { p: 1 - 0.7, rng: createRng("mask") });
    expect([...out.data]).toEqual(Array.from(x.data, (value, i) => (mask.data[i] === 1 ? value / 0.7 : 0)));
  });

  test("p = 0 is the identity and p = 1 gives zeros, with gradient 0", () => {
    const x = variable(tensor([1, Number.POSITIVE_INFINITY, Number.NaN]));
    const rng = createRng(0);
    expect(dropout(x, { p: 0, rng })).toBe(x);
    const zeroed = dropout(x, { p: 1, rng });
    expect(zeroed.toArray()).toEqual([0, 0, 0]);
    expect(
      backward(zeroed, { cotangent: ones([3]) })
        .of(x)
        .toArray(),
    ).toEqual([0, 0, 0]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("a dropped %d has no effect", (value) => {
    const x = variable(full([200], value));
    const out = dropout(x, { p: 0.5, rng: createRng(0) });
    const dropped = out.data.filter((y) => y === 0).length;
    expect(dropped).toBeGreaterThan(60);
    expect(out.data.filter((y) => Object.is(y, value)).length).toBe(200 - dropped);
    const gradient = backward(out, { cotangent: ones([200]) }).of(x);
    expect([...gradient.data]).toEqual(Array.from(out.data, (y) => (y === 0 ? 0 : 2)));
  });
});
