import { ArgumentError, Tensor, tensor } from "@gradus/core";
import fc from "fast-check";
import { expect } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../../../src/index.ts";

/** Without undefined fields, and with −0 and the shapes of tensors to be seen. */
function plain(data: unknown): unknown {
  if (data instanceof Tensor) return { shape: data.shape, data: [...data.data] };
  if (data instanceof Float64Array) return { array: [...data] };
  if (Array.isArray(data)) return data.map(plain);
  if (typeof data !== "object" || data === null) return data;
  const entries = Object.entries(data).filter(([, child]) => child !== undefined);
  return new Map(entries.map(([key, child]) => [key, plain(child)]));
}

/**
 * Saves random states in checkpoints. Each must come back equal, or be refused with an error of gradus.
 *
 * @returns how many were not refused.
 */
export function roundTrips(runs: number): number {
  const number = fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Number.NEGATIVE_INFINITY));
  const numbers = fc.array(number, { maxLength: 40 });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      number,
      fc.string({ unit: "binary" }),
      fc.constantFrom("#", "#list a", "__proto__", null, true, undefined, 1n, new Map(), () => 1),
      numbers,
      numbers.map((list) => Float64Array.from(list)),
      fc
        .tuple(numbers, fc.nat(3))
        .map(
          ([list, axes]) => new Tensor(Float64Array.from(list), [list.length, ...new Array(axes).fill(1)]),
        ),
      fc.constant(Object.assign(new Array(3), { 0: 1, 2: 3 })), // a hole
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "a/b", "__metadata__")),
        tie("value"),
        { maxKeys: 4 },
      ),
    ),
  }));
  let accepted = 0;
  fc.assert(
    fc.property(value, (data) => {
      let bytes: Uint8Array;
      try {
        bytes = saveCheckpoint({
          part: { state: () => data, restore() {} },
          __metadata__: { state: () => tensor(1), restore() {} },
        });
      } catch (error) {
        if (!(error instanceof ArgumentError)) throw error;
        return;
      }
      accepted++;
      const back: unknown[] = [];
      loadCheckpoint(
        {
          part: { state: () => null, restore: (state) => back.push(state) },
          __metadata__: { state: () => null, restore() {} },
        },
        bytes,
      );
      expect(back.map(plain)).toEqual([plain(data)]);
    }),
    { numRuns: runs, seed: 3 },
  );
  return accepted;
}
