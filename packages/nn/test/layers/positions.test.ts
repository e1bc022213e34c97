import { readFileSync } from "node:fs";
import { ArgumentError, createRng, ones, ShapeError, tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { LearnedPositions, namedTensors, SinusoidalPositions } from "../../src/index.ts";
import { awayFromKinks, checkLayer } from "../support.ts";

const rng = createRng("positions");

describe("SinusoidalPositions", () => {
  // [size, t, j, code] with 50 digits: fixtures/attention/positions.py.
  const rows: [size: number, t: number, j: number, code: number][] = JSON.parse(
    readFileSync(new URL("../fixtures/attention/positions.json", import.meta.url), "utf8"),
  );
  test.each([...new Set(rows.map(([size]) => size))])("has the codes of 50 digits, size %i", (size) => {
    const layer = new SinusoidalPositions(size);
    const codes = layer.forward(zeros([5000, size])).data;
    for (const [, t, j, code] of rows.filter((row) => row[0] === size)) {
      const error = Math.abs(codes[t * size + j] - code);
      expect(error, `size ${size}, code[${t}, ${j}]`).toBeLessThanOrEqual(1e-15 * (1 + t));
    }
  });

  test("adds the codes to each sequence, of any length, and stores nothing in checkpoints", () => {
    const layer = new SinusoidalPositions(2);
    const x = rng.normal([2, 3, 3, 2]);
    const codes = [0, 1, Math.sin(1), Math.cos(1), Math.sin(2), Math.cos(2)];
    layer.forward(x).data.forEach((value, i) => {
      expect(value).toBeCloseTo(x.data[i] + codes[i % 6], 14);
    });
    expect(layer.forward(zeros([1, 2])).toArray()).toEqual([[0, 1]]);
    expect(layer.forward(zeros([0, 2])).shape).toEqual([0, 2]);
    expect(namedTensors(layer)).toEqual([]);
    checkLayer(layer, [awayFromKinks([2, 3, 2])]);
  });

  test("refuses other inputs and bad sizes", () => {
    expect(() => new SinusoidalPositions(4).forward(ones([2, 3]))).toThrow(
      new ShapeError("SinusoidalPositions(4): expects an input [..., time, 4], got [2,3]"),
    );
    expect(() => new SinusoidalPositions(4).forward(ones([4]))).toThrow(
      "expects an input [..., time, 4], got [4]",
    );
    for (const size of [0, 1.5, -1, Number.NaN, "4" as never]) {
      expect(() => new SinusoidalPositions(size)).toThrow(
        "SinusoidalPositions: size must be a whole number ≥ 1",
      );
    }
    expect(() => new SinusoidalPositions(4, 32 as never)).toThrow("takes nothing after size, got 32");
  });
});

describe("LearnedPositions", () => {
  test("adds the vectors of the first positions to each sequence", () => {
    const layer = new LearnedPositions(3, 2, { rng, init: (shape) => tensor([1, 2, 3, 4, 5, 6], shape) });
    expect(layer.forward(zeros([2, 2, 2])).toArray()).toEqual([[[1, 2], [3, 4]], [[1, 2], [3, 4]]]); // biome-ignore format: sequences
    expect(layer.forward(ones([3, 2])).toArray()).toEqual([[2, 3], [4, 5], [6, 7]]); // biome-ignore format: a sequence
    expect(layer.forward(ones([4, 0, 2])).shape).toEqual([4, 0, 2]);
    checkLayer(layer, [awayFromKinks([2, 2, 2])]);
    checkLayer(layer, [awayFromKinks([3, 2])]);
  });

  test("starts as N(0, 0.02²), from the given stream", () => {
    const start = createRng("weights").normal([5, 4], { std: 0.02 });
    expect(new LearnedPositions(5, 4, { rng: createRng("weights") }).weight.data).toEqual(start.data);
  });

  test("refuses longer sequences, other inputs and bad arguments", () => {
    const layer = new LearnedPositions(3, 2, { rng });
    expect(() => layer.forward(ones([1, 4, 2]))).toThrow(
      new ShapeError(
        "LearnedPositions(3, 2): there are 3 positions, but the sequence has 4: shorten it, or make new LearnedPositions(4, 2, …)",
      ),
    );
    expect(() => layer.forward(ones([2, 3]))).toThrow("expects an input [..., time, 2], got [2,3]");
    expect(() => layer.forward(ones([2]))).toThrow("expects an input [..., time, 2], got [2]");
    expect(() => new LearnedPositions(0, 2, { rng })).toThrow(
      "LearnedPositions: length must be a whole number ≥ 1",
    );
    expect(() => new LearnedPositions(3, 0, { rng })).toThrow(
      "LearnedPositions: size must be a whole number ≥ 1",
    );
    expect(() => new LearnedPositions(3, 2, {} as never)).toThrow("rng must be a random stream");
    expect(() => new LearnedPositions(3, 2, { rng, std: 1 } as never)).toThrow(ArgumentError);
  });
});
