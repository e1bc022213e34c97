import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { FormatError } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inflate } from "../src/inflate.ts";
import { ascii, join } from "./files.ts";

const text = ascii("the quick brown fox jumps over the lazy dog. ".repeat(40));

/** The data and the number of packed bytes by zlib, or the word for data that it refuses. */
function byZlib(bytes: Uint8Array): [Uint8Array, number] | "refused" {
  try {
    const { buffer, engine } = inflateRawSync(bytes, { info: true }) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    return [new Uint8Array(buffer), engine.bytesWritten];
  } catch {
    return "refused";
  }
}

const out = new Uint8Array(1_000_000);

/** The same by inflate. */
function byUs(bytes: Uint8Array): [Uint8Array, number | undefined] | "refused" {
  try {
    const { size, end } = inflate(bytes, 0, out);
    return [out.slice(0, size), end];
  } catch (error) {
    if (error instanceof FormatError) return "refused";
    throw error;
  }
}

describe("inflate", () => {
  const strategies = [
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ];
  const settings = fc.record({
    level: fc.integer({ min: 0, max: 9 }),
    strategy: fc.constantFrom(...strategies),
    memLevel: fc.integer({ min: 1, max: 9 }),
  });
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc
      .array(fc.constantFrom(...text.subarray(0, 40)), { maxLength: 3000 })
      .map((list) => Uint8Array.from(list)),
    fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 3000 }))
      .map(([piece, times]) => join(...new Array<Uint8Array>(times).fill(piece))),
  );

  test("gives back what zlib packed, in every way it can, and says where it ends", () => {
    fc.assert(
      fc.property(data, settings, fc.uint8Array({ maxLength: 20 }), (bytes, options, behind) => {
        const packed = new Uint8Array(deflateRawSync(bytes, options));
        const out = new Uint8Array(bytes.length);
        expect(inflate(join([7, 7], packed, behind), 2, out)).toEqual({
          size: bytes.length,
          end: 2 + packed.length,
        });
        expect(out).toEqual(bytes);
      }),
    );
  });

  test("accepts and refuses what zlib does, for broken data", () => {
    const seeds = strategies.map((strategy) => new Uint8Array(deflateRawSync(text, { strategy })));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), changes, (seed, list) => {
        const bytes = seed.slice();
        for (const [at, value] of list) bytes[at % bytes.length] = value;
        expect(byUs(bytes)).toEqual(byZlib(bytes));
      }),
      { numRuns: 700 },
    );
  });

  test("accepts and refuses what zlib does, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(byUs(bytes)).toEqual(byZlib(bytes));
      }),
      { numRuns: 1500 },
    );
  });

  test("refuses data cut anywhere", () => {
    for (const packed of [deflateRawSync(text), deflateRawSync(text, { level: 0 })]) {
      for (let length = 0; length < packed.length; length++) {
        expect(byUs(new Uint8Array(packed.subarray(0, length)))).toBe("refused");
      }
    }
  });

  test("stops when there is no room", () => {
    for (const level of [0, 9]) {
      const packed = new Uint8Array(deflateRawSync(text, { level }));
      const out = new Uint8Array(100);
      expect(inflate(packed, 0, out)).toEqual({ size: 100, end: undefined });
      expect(out).toEqual(text.subarray(0, 100));
    }
  });
});
