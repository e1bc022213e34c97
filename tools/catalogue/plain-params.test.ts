import { createRng, tensor } from "@gradus/core";
import { expect, test } from "vitest";
import { fromPlain, plainText, toPlain } from "./plain-params.ts";

test("params go through JSON and come back", () => {
  const params = {
    axes: [0, -1],
    mode: "same",
    keepDims: true,
    high: Number.POSITIVE_INFINITY,
    low: Number.NaN,
    nested: { none: null, left: undefined },
  };
  const { left: _, ...nested } = params.nested;
  const back = fromPlain(JSON.parse(JSON.stringify(toPlain(params))));
  expect(back).toEqual({ ...params, nested });
  expect(String(fromPlain(toPlain(tensor([[1, 0]]))))).toBe(String(tensor([[1, 0]])));
});

test("a random stream comes back at its position", () => {
  const rng = createRng("here");
  rng.uniform([3]);
  const plain = JSON.parse(JSON.stringify(toPlain({ rng })));
  const { rng: back } = fromPlain(plain) as { rng: typeof rng };
  expect(back.uniform([2]).data).toEqual(rng.uniform([2]).data);
});

test("plain data reads as code", () => {
  expect(plainText(toPlain({ axes: [0, 1], mode: "same", high: Number.POSITIVE_INFINITY }))).toBe(
    '{ axes: [0, 1], mode: "same", high: Infinity }',
  );
  expect(plainText(toPlain({ mask: tensor([1, 0]), rng: createRng(1) }))).toBe(
    "{ mask: tensor([1, 0]), rng }",
  );
  expect(plainText(toPlain({}))).toBe("{}");
});

test("a function is refused", () => {
  expect(() => toPlain({ f: () => 1 })).toThrow("no plain data for () => 1");
});
