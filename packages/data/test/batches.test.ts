import { ArgumentError, createRng, type Tensor } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Batches, batches } from "../src/batches.ts";
import { Dataset } from "../src/dataset.ts";

/** n samples whose input and target are their number. */
function numbered(n: number): Dataset {
  const numbers = Uint16Array.from({ length: n }, (_, i) => i);
  return new Dataset({ inputs: numbers, inputShape: [1], targets: numbers });
}

const pass = (passes: Batches): number[][] => [...passes].map(({ targets }) => [...targets.data]);

describe("batches", () => {
  test("come in order, the last one smaller", () => {
    const passes = batches(numbered(7), 3);
    expect(passes.length).toBe(3);
    expect(pass(passes)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect([...passes][2].inputs.shape).toEqual([1, 1]);
  });

  test("leave out a last batch that is not full with dropLast", () => {
    const passes = batches(numbered(7), 3, { dropLast: true });
    expect(passes.length).toBe(2);
    expect(pass(passes)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(pass(batches(numbered(6), 3, { dropLast: true })).length).toBe(2);
  });

  test("are shuffled anew in each pass", () => {
    const passes = batches(numbered(100), 100, { rng: createRng(3) });
    const [first, second] = [pass(passes), pass(passes)];
    expect(first).not.toEqual(second);
    expect(pass(batches(numbered(100), 100, { rng: createRng(3) }))).toEqual(first);
  });

  test("draw exactly one permutation from the stream", () => {
    const [used, reference] = [createRng(5), createRng(5)];
    pass(batches(numbered(10), 4, { rng: used }));
    reference.permutation(10);
    expect(used.state()).toEqual(reference.state());
  });

  test("keep inputs and targets together", () => {
    for (const { inputs, targets } of batches(numbered(50), 8, { rng: createRng(1) })) {
      expect([...inputs.data]).toEqual([...targets.data]);
    }
  });

  test("have every sample exactly once, whatever the sizes", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.boolean(),
        (n, batchSize, shuffled) => {
          const passes = batches(numbered(n), batchSize, { rng: shuffled ? createRng(n) : undefined });
          const found = pass(passes);
          expect(found.length).toBe(passes.length);
          for (const batch of found.slice(0, -1)) expect(batch.length).toBe(batchSize);
          expect(found.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        },
      ),
    );
  });

  test("reuse their tensors, marked as changed, with reuse, except for another size", () => {
    const seen: { tensor: Tensor; version: number; values: number[] }[] = [];
    for (const { inputs: tensor, targets } of batches(numbered(7), 3, { reuse: true })) {
      expect([...targets.data]).toEqual([...tensor.data]);
      seen.push({ tensor, version: tensor.storage.version, values: [...tensor.data] });
    }
    expect(seen.map(({ values }) => values)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(seen[1].tensor).toBe(seen[0].tensor);
    expect(seen[1].version).toBeGreaterThan(seen[0].version);
    expect(seen[2].tensor).not.toBe(seen[0].tensor);
    const [first, second] = batches(numbered(6), 3);
    expect(first.inputs).not.toBe(second.inputs);
  });

  test("of an empty dataset are none", () => {
    expect(pass(batches(numbered(0), 3))).toEqual([]);
    expect(pass(batches(numbered(0), 3, { dropLast: true }))).toEqual([]);
  });

  test("are refused at once, not at the first step, for arguments that are wrong", () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "3" as never, undefined as never]) {
      expect(() => batches(numbered(3), size)).toThrow(ArgumentError);
    }
    expect(() => batches(numbered(3), 0)).toThrow("batches: batchSize must be a whole number ≥ 1, got 0");
    expect(() => batches(numbered(3), 1, { rng: 42 as never })).toThrow(
      "batches: rng must be a random stream from createRng(seed), got 42",
    );
    for (const [options, message] of [
      [{ dropLast: "no" }, 'batches: dropLast must be true or false, got "no"'],
      [{ reuse: 1 }, "batches: reuse must be true or false, got 1"],
      [{ skip: -1 }, "batches: skip must be a whole number ≥ 0, got -1"],
      [{ shuffle: true }, 'batches: unknown option "shuffle"; did you mean "rng"? It takes'],
      [createRng(1), "batches: needs an options object { rng, dropLast, reuse, skip }, got Rng"],
    ] as const) {
      expect(() => batches(numbered(3), 1, options as object)).toThrow(message);
    }
    expect(() => batches(numbered(3), 4, { dropLast: true })).toThrow(
      "batches: dropLast leaves no batch: 3 samples do not fill one of 4",
    );
  });
});
