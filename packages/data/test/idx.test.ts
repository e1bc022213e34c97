import { ArgumentError, FormatError } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadIdx, readIdx } from "../src/idx.ts";
import { ascii, gzip, type IdxTypeName, idxFile, idxTypes, join } from "./files.ts";

const names = Object.keys(idxTypes) as IdxTypeName[];

/** Refused with our error and these words. */
function refuses(bytes: Uint8Array, ...words: readonly (string | RegExp)[]): void {
  expect(() => readIdx(bytes)).toThrow(FormatError);
  for (const word of words) expect(() => readIdx(bytes)).toThrow(word);
}

describe("readIdx of good files", () => {
  test("reads every type into its typed array", () => {
    expect(readIdx(idxFile("u8", [2, 2], [0, 1, 128, 255]))).toEqual({
      shape: [2, 2],
      data: Uint8Array.of(0, 1, 128, 255),
    });
    expect(readIdx(idxFile("i8", [3], [-128, -1, 127])).data).toEqual(Int8Array.of(-128, -1, 127));
    expect(readIdx(idxFile("i16", [2], [-2, 258])).data).toEqual(Int16Array.of(-2, 258));
    expect(readIdx(idxFile("i32", [2], [-2, 16909060])).data).toEqual(Int32Array.of(-2, 16909060));
    expect(readIdx(idxFile("f32", [2], [0.5, -3.25])).data).toEqual(Float32Array.of(0.5, -3.25));
    expect(readIdx(idxFile("f64", [1, 1, 2], [0.1, -1e300])).data).toEqual(Float64Array.of(0.1, -1e300));
  });

  test("reads a file written by hand: 00 00 0B 01, 2 numbers, 0102 and FFFE", () => {
    const bytes = Uint8Array.of(0, 0, 0x0b, 1, 0, 0, 0, 2, 0x01, 0x02, 0xff, 0xfe);
    expect(readIdx(bytes)).toEqual({ shape: [2], data: Int16Array.of(258, -2) });
  });

  test("does not copy 8-bit data", () => {
    const bytes = idxFile("u8", [3], [1, 2, 3]);
    const { data } = readIdx(bytes);
    expect(data.buffer).toBe(bytes.buffer);
    expect(data.byteOffset).toBe(8);
  });

  test("reads from the middle of a buffer, at an odd offset, and gives a plain array for a Buffer", () => {
    const bytes = join([9, 9, 9], idxFile("f64", [1], [0.1]), [9]).subarray(3, -1);
    expect(readIdx(bytes).data).toEqual(Float64Array.of(0.1));
    expect(readIdx(Buffer.from(idxFile("u8", [1], [7]))).data.constructor).toBe(Uint8Array);
  });

  test("allows an axis of size 0", () => {
    expect(readIdx(idxFile("u8", [0, 28, 28], []))).toEqual({ shape: [0, 28, 28], data: new Uint8Array(0) });
  });

  test("reads back any array that was written", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (name, shape, stream) => {
          const { low, high } = idxTypes[name];
          const count = shape.reduce((product, size) => product * size, 1);
          const values = Array.from({ length: count }, () => {
            const value = low + (high - low) * (stream.next().value as number);
            return name === "f64" ? value : name === "f32" ? Math.fround(value) : Math.round(value);
          });
          const read = readIdx(idxFile(name, shape, values));
          expect(read.shape).toEqual(shape);
          expect(Array.from(read.data, (x) => x + 0)).toEqual(values.map((x) => x + 0));
        },
      ),
    );
  });
});

describe("readIdx of broken files", () => {
  const good = idxFile("u8", [2, 3], [1, 2, 3, 4, 5, 6]);
  const header = (code: number, ...sizes: readonly number[]): Uint8Array => {
    const out = new Uint8Array(4 + 4 * sizes.length);
    out.set([0, 0, code, sizes.length]);
    sizes.forEach((size, axis) => {
      new DataView(out.buffer).setUint32(4 + 4 * axis, size);
    });
    return out;
  };

  test("names an empty file", () => refuses(new Uint8Array(0), "readIdx: the file is empty"));

  test("refuses every cut of a good file", () => {
    for (let length = 1; length < good.length; length++) refuses(good.subarray(0, length), "cut short");
  });

  test("says how long a file should be and is, for one byte less or more", () => {
    refuses(
      good.subarray(0, -1),
      "cut short: [2,3] numbers of 1 bytes and a header of 12 make 18 bytes, but it has 17",
    );
    refuses(join(good, [0]), "too long", "make 18 bytes, but it has 19");
  });

  test("refuses a wrong start and names its bytes", () => {
    refuses(Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0), "not an IDX file: it starts with the bytes 01 00 08 01");
    refuses(Uint8Array.of(0, 1, 8, 1, 0, 0, 0, 0), "00 01 08 01");
    refuses(Uint8Array.of(137), "starts with the bytes 89");
  });

  test("refuses unknown types", () => {
    for (const code of [0, 7, 0x0a, 0x0f, 255]) refuses(join(header(code, 1), [0]), "unknown IDX type 0x");
  });

  test("refuses 0 axes, 9 and 255", () => {
    refuses(Uint8Array.of(0, 0, 8, 0), "1 to 8 axes, this one claims 0");
    refuses(header(8, ...new Array<number>(9).fill(1)), "claims 9");
    refuses(Uint8Array.of(0, 0, 8, 255, 1, 2, 3), "claims 255");
  });

  test("refuses sizes that the file cannot have: 2^32 − 1 samples, products beyond 2^53", () => {
    const most = 4294967295;
    refuses(join(header(8, most), [1]), "cut short", "4294967303 bytes");
    refuses(join(header(8, most, most, most), [1]), "more than 2^53 bytes: [4294967295,4294967295] so far");
    refuses(join(header(0x0e, 2 ** 31, 2 ** 22), [1]), "more than 2^53 bytes");
    refuses(join(header(8, ...new Array<number>(8).fill(most)), [1]), "more than 2^53");
  });

  test("recognises an HTML page, gzip and other files", () => {
    refuses(ascii("<!DOCTYPE html><html><body>404 Not Found</body></html>"), "HTML page", "error page");
    refuses(ascii("\n  <html>"), "HTML page");
    refuses(ascii("\xEF\xBB\xBF<!doctype html>"), "HTML page");
    refuses(ascii('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'), "HTML page");
    refuses(ascii("version https://git-lfs.github.com/spec/v1\noid sha256:1234"), "Git LFS");
    refuses(gzip(good), "gzip file", "loadIdx");
  });

  test("refuses arguments that are no bytes", () => {
    for (const wrong of [undefined, null, "text", [0, 0, 8, 1], new ArrayBuffer(8), new Uint16Array(4)]) {
      expect(() => readIdx(wrong as never)).toThrow(ArgumentError);
    }
    expect(() => readIdx(new ArrayBuffer(8) as never)).toThrow("Wrap it: new Uint8Array(buffer)");
  });

  test("any bytes are a value or a FormatError", () => {
    const anyBytes = fc.uint8Array({ maxLength: 64 });
    const almost = fc
      .tuple(fc.constantFrom(8, 9, 11, 12, 13, 14), fc.nat({ max: 9 }), anyBytes)
      .map(([code, axes, rest]) => join([0, 0, code, axes], rest));
    const changed = fc
      .tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }))
      .map(([at, byte]) => good.map((old, i) => (i === at ? byte : old)));
    fc.assert(
      fc.property(fc.oneof(anyBytes, almost, changed), (bytes) => {
        try {
          const { shape, data } = readIdx(bytes);
          expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe("loadIdx", () => {
  const good = idxFile("i16", [2, 2], [1, -2, 3, -4]);
  const read = { shape: [2, 2], data: Int16Array.of(1, -2, 3, -4) };

  test("reads plain and gzipped files alike", async () => {
    expect(await loadIdx(good)).toEqual(read);
    expect(await loadIdx(gzip(good))).toEqual(read);
  });

  test("reads a gzipped file of many chunks", async () => {
    const values = Uint8Array.from({ length: 300000 }, (_, i) => (i * i) >>> 3);
    const { data } = await loadIdx(gzip(idxFile("u8", [300, 1000], values)));
    expect(Buffer.compare(data as Uint8Array, values)).toBe(0);
  });

  test("unpacks no more than the header gives", async () => {
    const bomb = gzip(join(good, new Uint8Array(1000)));
    await expect(loadIdx(bomb)).rejects.toThrow(FormatError);
    await expect(loadIdx(bomb)).rejects.toThrow(
      "loadIdx: the file unpacks to more than the 20 bytes allowed",
    );
    await expect(loadIdx(gzip(good.subarray(0, -1)))).rejects.toThrow("loadIdx: IDX file cut short");
  });

  test("refuses a header that promises more than the limit, before unpacking", async () => {
    const huge = idxFile("u8", [4294967295, 4], []);
    await expect(loadIdx(gzip(huge))).rejects.toThrow(
      "promises 17179869192 bytes, more than the limit of 1073741824",
    );
    await expect(loadIdx(gzip(good), { limit: 19 })).rejects.toThrow("promises 20 bytes");
    expect(await loadIdx(gzip(good), { limit: 20 })).toEqual(read);
    await expect(loadIdx(gzip(good), { limit: -1 })).rejects.toThrow(ArgumentError);
  });

  test("refuses every cut and every changed byte of a gzipped file, or reads the same numbers", async () => {
    const packed = gzip(good);
    for (let at = 0; at < packed.length; at++) {
      await expect(loadIdx(packed.subarray(0, at))).rejects.toThrow(FormatError);
      const changed = packed.slice();
      changed[at] ^= 0xff;
      try {
        expect(await loadIdx(changed)).toEqual(read); // time stamp and system in the gzip header do not matter
        expect(at).toBeLessThan(10);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });
});
