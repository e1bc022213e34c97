import { readFileSync } from "node:fs";
import { FormatError, tensor } from "@gradus/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSafetensors } from "../../src/safetensors/read.ts";
import { writeSafetensors } from "../../src/safetensors/write.ts";
import { entry, file } from "./files.ts";

/** Good files to start from: one of ours, one of PyTorch's, one with all that is odd. */
const seeds: readonly Uint8Array[] = [
  writeSafetensors(
    [
      ["a", tensor([1, 2])],
      ["b", tensor(3)],
    ],
    { metadata: [["k", "v"]] },
  ),
  new Uint8Array(readFileSync(new URL("../fixtures/safetensors/model.safetensors", import.meta.url))),
  file(
    `{${entry("\\u00e4", "BOOL", "[2,1]", "[0,2]")},${entry("z", "I64", "[0]", "[2,2]")}} `,
    Uint8Array.of(0, 1),
  ),
];

/** Reads all tensors of a file. @returns true if it was read, false if it was refused with an error of gradus. */
function readOrRefuse(bytes: Uint8Array): boolean {
  try {
    const read = readSafetensors(bytes);
    let total = 0;
    for (const name of read.names) {
      // Refusing a number comes later than refusing the file.
      total += read.tensor(name).size;
    }
    expect(total).toBeLessThanOrEqual(bytes.length);
    return true;
  } catch (error) {
    if (error instanceof FormatError) {
      expect(error.message).toMatch(/^safetensors: /);
      return false;
    }
    throw error;
  }
}

/** The replacements for a number, a name, a bracket. */
const tokens = [
  "0",
  "-1",
  "1.5",
  "2147483648",
  "9007199254740993",
  "1e999",
  "[]",
  "{}",
  '"a"',
  '"F32"',
  ",",
  "null",
];

/** One change: a byte, a cut, a piece of the file put elsewhere, a number or word of the header replaced. */
const change = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), byte: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat() }),
  fc.record({
    kind: fc.constant("splice" as const),
    at: fc.nat(),
    from: fc.nat(),
    length: fc.nat({ max: 60 }),
  }),
  fc.record({ kind: fc.constant("token" as const), at: fc.nat(), token: fc.constantFrom(...tokens) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Uint8Array, change: Change): Uint8Array {
  const at = change.at % (bytes.length + 1);
  if (change.kind === "cut") return bytes.slice(0, at);
  if (change.kind === "flip") return bytes.map((byte, i) => (i === at ? change.byte : byte));
  if (change.kind === "splice") {
    const from = change.from % (bytes.length + 1);
    return join(bytes.subarray(0, at), bytes.subarray(from, from + change.length), bytes.subarray(at));
  }
  return replaceToken(bytes, change.at, change.token);
}

/** Replaces one word of the header, and writes the length that the header then has. */
function replaceToken(bytes: Uint8Array, which: number, token: string): Uint8Array {
  if (bytes.length < 8) return bytes;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = Buffer.from(bytes.subarray(8, 8 + length)).toString("latin1");
  const words = header.match(/"[^"]*"|\d+|[^"\d]/g) ?? [];
  words[which % (words.length + 1)] = token;
  return file(Buffer.from(words.join(""), "latin1"), bytes.slice(8 + length));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

test("the seeds are good", () => {
  expect(seeds.map(readOrRefuse)).toEqual([true, true, true]);
});

test("a file with random changes is read or refused with our error", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (seed, changes) => {
        readOrRefuse(changes.reduce(mutate, seed));
      },
    ),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 3000) },
  );
});

test("random bytes are read or refused with our error, also as a header", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, wrap) => {
      readOrRefuse(wrap ? file(join(Uint8Array.of(0x7b), bytes)) : bytes);
    }),
    { numRuns: 1000 },
  );
});
