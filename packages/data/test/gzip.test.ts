import { crc32 } from "node:zlib";
import { ArgumentError, FormatError } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gunzip } from "../src/gzip.ts";
import { ascii, gzip, join } from "./files.ts";

const text = ascii("the quick brown fox jumps over the lazy dog. ".repeat(40));
const packed = gzip(text);

async function refuses(bytes: Uint8Array, limit: number, message: string | RegExp): Promise<void> {
  await expect(gunzip(bytes, { limit })).rejects.toThrow(FormatError);
  await expect(gunzip(bytes, { limit })).rejects.toThrow(message);
}

describe("gunzip", () => {
  test("unpacks what gzip packed", async () => {
    expect(await gunzip(packed, { limit: text.length })).toEqual(text);
    expect(await gunzip(gzip(new Uint8Array(0)), { limit: 0 })).toEqual(new Uint8Array(0));
  });

  test("unpacks a view into a larger buffer", async () => {
    expect(await gunzip(join([1, 2, 3], packed, [4]).subarray(3, -1), { limit: 1e6 })).toEqual(text);
  });

  test("gives back any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect(await gunzip(gzip(bytes), { limit: bytes.length })).toEqual(bytes);
      }),
    );
  });

  test("stops one byte beyond the limit", async () => {
    await refuses(packed, text.length - 1, `more than the ${text.length - 1} bytes allowed`);
  });

  test("stops a bomb long before it is unpacked, also one that lies about its length", async () => {
    const honest = gzip(new Uint8Array(60_000_000));
    expect(honest.length).toBeLessThan(70_000);
    const liar = honest.slice();
    new DataView(liar.buffer).setUint32(liar.length - 4, 1000, true);
    for (const [bomb, message] of [
      [honest, "more than the 1000 bytes allowed, or was cut short: its last 4 bytes promise 60000000"],
      [liar, "its last 4 bytes promise 1000 bytes, but it unpacks to more"],
    ] as const) {
      const before = process.memoryUsage().arrayBuffers;
      await refuses(bomb, 1000, message);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    }
  });

  test("refuses a file cut anywhere", async () => {
    await refuses(new Uint8Array(0), 1e6, "the file is empty");
    await refuses(packed.subarray(0, 10), 1e6, "cut short: 10 bytes, at least 18 are needed");
    for (const missing of [1, 4, 8, 9, 20])
      await refuses(packed.subarray(0, -missing), 1e6, "broken gzip file");
  });

  test("refuses a wrong checksum and a wrong length", async () => {
    for (const fromEnd of [1, 4, 5, 8]) {
      const changed = packed.slice();
      changed[packed.length - fromEnd] ^= 1;
      await refuses(changed, 1e6, "broken gzip file");
    }
  });

  test("R15: refuses bytes after the end, whatever they are, in every engine", async () => {
    const nothing = gzip(new Uint8Array(0));
    const zero = Uint8Array.of(0);
    // The engine's own stream reads a second member in Node, ignores what follows a zero, and refuses both in browsers.
    const files: readonly (readonly Uint8Array[])[] = [
      [packed, zero],
      [packed, new Uint8Array(8)],
      [packed, ascii("more")],
      [packed, packed],
      [packed, nothing],
      [nothing, packed],
      [nothing, nothing],
      [nothing, zero, packed],
      [nothing, new Uint8Array(8)],
      [packed, zero, packed.subarray(-8)],
      [packed, packed.subarray(-8)],
    ];
    for (const parts of files)
      await refuses(join(...parts), 1e6, /broken gzip file: .*something follows its end/);
    await refuses(join(nothing, packed), 1e6, "a second gzip file. Unpack the two one by one");
  });

  test("reads headers with a name, a comment, extra bytes and a checksum of their own", async () => {
    const header = join(packed.subarray(0, 3), [2 + 4 + 8 + 16], packed.subarray(4, 10));
    const optional = join([3, 0, 1, 2, 3], ascii("name"), [0], ascii("comment"), [0]);
    const start = join(header, optional);
    const sum = crc32(start) & 0xffff;
    const rest = packed.subarray(10);
    expect(await gunzip(join(start, [sum & 255, sum >> 8], rest), { limit: 1e6 })).toEqual(text);
    await refuses(join(start, [sum & 255, (sum >> 8) ^ 1], rest), 1e6, "the checksum of its header");
  });

  test("needs nothing of the engine", async () => {
    const stream = globalThis.DecompressionStream;
    Reflect.deleteProperty(globalThis, "DecompressionStream");
    try {
      expect(await gunzip(packed, { limit: 1e6 })).toEqual(text);
    } finally {
      globalThis.DecompressionStream = stream;
    }
  });

  test("says what a file that is not gzip is", async () => {
    await refuses(ascii("<!doctype html><title>404</title>"), 1e6, "HTML page, not a gzip file");
    await refuses(text, 1e6, 'not a gzip file: it starts with the text "the quick brown fox jumps');
    await refuses(join([0x89], text), 1e6, "not a gzip file: it starts with the bytes 89 74 68 65");
  });

  test("refuses a wrong limit and arguments that are not bytes", async () => {
    for (const limit of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, undefined as never, "9" as never]) {
      await expect(gunzip(packed, { limit })).rejects.toThrow(ArgumentError);
    }
    await expect(gunzip("text" as never, { limit: 1 })).rejects.toThrow(ArgumentError);
  });

  test("any bytes after the magic are refused or unpacked", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (rest) => {
        try {
          await gunzip(join([0x1f, 0x8b, 8], rest), { limit: 1000 });
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
    );
  });
});
