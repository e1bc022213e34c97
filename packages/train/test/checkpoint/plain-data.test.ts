import { ArgumentError, FormatError, Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type PlainData, pack, unpack } from "../../src/checkpoint/plain-data.ts";
import { roundTrips } from "./plain-data/round-trips.ts";

function roundTrip(data: PlainData): PlainData {
  const { json, tensors } = pack(data);
  return unpack(json, (name) => tensors.get(name) as Tensor);
}

describe("plain data", () => {
  test.each<[string, PlainData]>([
    ["null", null],
    ["numbers", [0, 1.5, -1e300, 5e-324, 2 ** 53]],
    ["what JSON has no numbers for", [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]],
    ["text", ["", "#", "##", "#number NaN", "#tensor w", "\u2028", "ä\n"]],
    ["flags", [true, false]],
    ["lists in objects in lists", [{ a: [{ b: [] }] }]],
    ["arrays", { m: Float64Array.of(1, -0, Number.NaN) }],
  ])("%s come back as they were", (_, data) => {
    const back = roundTrip(data);
    expect(back).toEqual(data);
    expect(Object.is(JSON.stringify(back), JSON.stringify(data))).toBe(true);
  });

  test("−0 keeps its sign and NaN stays a number", () => {
    const [zero, nan] = roundTrip([-0, Number.NaN]) as number[];
    expect(Object.is(zero, -0)).toBe(true);
    expect(nan).toBeNaN();
  });

  test("tensors keep their shapes, and are named by their paths", () => {
    const w = tensor([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    const { json, tensors } = pack({ net: { "layers.0.w": w }, slots: { w: { m: Float64Array.of(5) } } });
    expect([...tensors.keys()]).toEqual(["net/layers.0.w", "slots/w/m"]);
    const back = unpack(json, (name) => tensors.get(name) as Tensor) as { net: Record<string, Tensor> };
    expect(back.net["layers.0.w"]).toBeInstanceOf(Tensor);
    expect(back.net["layers.0.w"].shape).toEqual([2, 2]);
  });

  test("two values with the same path have two tensors", () => {
    const data = { "a/b": Float64Array.of(1), a: { b: Float64Array.of(2) } };
    expect(roundTrip(data)).toEqual(data);
  });

  test("keys such as __proto__ are ordinary keys", () => {
    const data = JSON.parse('{ "__proto__": { "polluted": 1 }, "constructor": 2, "": 3 }');
    const back = roundTrip(data) as Record<string, unknown>;
    expect(Object.keys(back)).toEqual(["__proto__", "constructor", ""]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("undefined fields are left out", () => {
    expect(Object.keys(roundTrip({ a: undefined, b: 1 }) as object)).toEqual(["b"]);
  });

  test("R3: long lists of numbers are tensors, not text, and come back as lists", () => {
    const list = Array.from({ length: 100_000 }, (_, i) => i / 7);
    list.push(Number.NaN, -0, Number.POSITIVE_INFINITY);
    const { json, tensors } = pack({ losses: list });
    expect(json).toBe('{"losses":"#list losses"}');
    expect([...tensors.keys()]).toEqual(["losses"]);
    expect(roundTrip({ losses: list })).toEqual({ losses: list });
  });

  test("R3: a state may be nested as deep as it can be read, and not deeper", () => {
    const nested = (depth: number): PlainData =>
      depth === 0 ? 1 : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) };
    expect(roundTrip(nested(64))).toEqual(nested(64));
    expect(() => pack(nested(65))).toThrow(ArgumentError);
    expect(() => pack(nested(65))).toThrow("is nested more than 64 deep, or contains itself");
  });

  test("R3: an object in so many places that it would never end is refused", () => {
    let many: PlainData = [true];
    for (let i = 0; i < 60; i++) many = [many, many];
    expect(() => pack({ many })).toThrow(ArgumentError);
    expect(() => pack({ many })).toThrow("the state has more than 2000000 values at many/");
  }, 60_000);

  test("R3: a state that contains itself is refused", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.again = [cyclic];
    expect(() => pack(cyclic as never)).toThrow(ArgumentError);
    expect(() => pack(cyclic as never)).toThrow(
      /^checkpoint: the state at .{100}… is nested more than 64 deep/,
    );
  });

  test("R3: whatever is packed comes back equal, and anything else is refused with an error of gradus", () => {
    expect(roundTrips(600)).toBeGreaterThan(150);
  });

  test.each([
    ["a function", () => 1],
    ["a Map", new Map()],
    ["an array of another kind", new Float32Array(1)],
    ["a bigint", 1n],
    ["undefined in a list", [undefined]],
    ["a hole in a list", Array.from({ length: 2 }).concat(new Array(3))],
    ["a hole in a long list of numbers", Object.assign(new Array(40), { 3: 1, 39: 2 })],
    ["a Promise", Promise.resolve(1)],
    ["a symbol", Symbol("x")],
  ])("%s is refused by its place", (_, value) => {
    const save = (): unknown => pack({ callback: { value } } as unknown as PlainData);
    expect(save).toThrow(ArgumentError);
    expect(save).toThrow(/^checkpoint: callback\/value/);
  });

  test("H8: control characters of a broken state are quoted in the message", () => {
    expect(() => unpack("\u202e\u001b", () => tensor([1]))).toThrow(/not JSON: .*\\u202e/);
    expect(() => unpack("\u202e\u001b", () => tensor([1]))).not.toThrow(/[\p{Cc}\p{Cf}]/u);
  });

  test.each([
    ["no JSON", "{", /not JSON/],
    ["nothing", "", /not JSON/],
    ["an unknown mark", '"#function x"', /its state has "#function x"/],
    ["a number that is none", '"#number 12"', /its state has/],
    ["deep nesting", "[".repeat(1e5) + "]".repeat(1e5), /nested more than 64 deep/],
  ])("%s is refused", (_, json, message) => {
    const read = (): unknown => unpack(json, () => tensor([1]));
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
  });
});
