import { FormatError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { readCsv } from "../src/csv.ts";
import { gunzip } from "../src/gzip.ts";
import { loadIdx, readIdx } from "../src/idx.ts";
import { ascii, gzip, idxFile, join } from "./files.ts";

/** A file that must be refused, and what the message must say. */
type Row = readonly [name: string, bytes: Uint8Array, message: RegExp];

/** Refuses every file of a table: with our error, in these words, and without room for what the file only claims. */
function refuses(read: (bytes: Uint8Array) => unknown, rows: readonly Row[]): void {
  test.each(rows)("%s", async (_, bytes, message) => {
    const before = process.memoryUsage().arrayBuffers;
    const error = await Promise.resolve(bytes)
      .then(read)
      .catch((reason: unknown) => reason);
    const taken = process.memoryUsage().arrayBuffers - before;
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toMatch(message);
    expect((error as FormatError).message.length).toBeLessThan(400);
    expect(taken).toBeLessThan(2 * bytes.length + 100_000);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
}

const MOST = 4294967295;
const page = "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>";

/** The header of an IDX file, and nothing behind it. */
function header(type: number, ...sizes: readonly number[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
  out.setUint8(2, type);
  out.setUint8(3, sizes.length);
  sizes.forEach((size, axis) => {
    out.setUint32(4 + 4 * axis, size);
  });
  return new Uint8Array(out.buffer);
}

describe("readIdx refuses", () => {
  const good = idxFile("u8", [2, 3], [1, 2, 3, 4, 5, 6]);
  const wide = idxFile("f64", [3], [1, 2, 3]);
  refuses(readIdx, [
    ["an empty file", new Uint8Array(0), /the file is empty/],
    ["one byte", good.subarray(0, 1), /cut short: 1 bytes, its header alone has 8 or more/],
    ["three bytes", good.subarray(0, 3), /cut short: 3 bytes/],
    ["a first byte that is not zero", join([1], good.subarray(1)), /starts with the bytes 01 00 08 02/],
    ["a second byte that is not zero", join([0, 1], good.subarray(2)), /starts with the bytes 00 01 08 02/],
    ["type 0", join(header(0, 1), [7]), /unknown IDX type 0x00 in the third byte/],
    ["type 10, between two that exist", join(header(0x0a, 1), [7]), /unknown IDX type 0x0a/],
    ["type 255", join(header(255, 1), [7]), /unknown IDX type 0xff/],
    ["no axes", Uint8Array.of(0, 0, 8, 0), /has 1 to 8 axes, this one claims 0/],
    ["9 axes", header(8, 1, 1, 1, 1, 1, 1, 1, 1, 1), /claims 9/],
    ["255 axes", Uint8Array.of(0, 0, 8, 255, 0, 0, 0, 1), /claims 255/],
    ["a header cut in the first size", good.subarray(0, 6), /cut short: 6 bytes, its header alone has 12/],
    ["a header cut in the last size", good.subarray(0, 11), /cut short: 11 bytes/],
    ["a header and nothing else", good.subarray(0, 12), /cut short: \[2,3\] .* make 18 bytes, but it has 12/],
    ["a byte too few", good.subarray(0, -1), /cut short: .* make 18 bytes, but it has 17/],
    ["a byte too many", join(good, [0]), /too long: .* make 18 bytes, but it has 19/],
    ["a wide number cut in the middle", wide.subarray(0, -1), /cut short: \[3\] numbers of 8 bytes/],
    ["the file twice", join(good, good), /too long/],
    ["2^32 − 1 samples", join(header(8, MOST), [1]), /cut short: .* make 4294967303 bytes, but it has 9/],
    ["10^7 samples", join(header(8, 1e7), [1]), /make 10000008 bytes, but it has 9/],
    ["2^31 samples of 8 bytes", join(header(0x0e, 2 ** 31), [1]), /make 17179869192 bytes/],
    ["a product beyond 2^53", join(header(8, MOST, MOST, MOST), [1]), /more than 2\^53 bytes: \[4294967295,/],
    ["a product beyond 2^53 in bytes alone", header(0x0e, 2 ** 31, 2 ** 20), /more than 2\^53 bytes/],
    ["a product that would be 0 in 32 bits", header(8, 65536, 65536), /make 4294967308 bytes/],
    ["a product beyond 2^1024", header(8, MOST, MOST, MOST, MOST, MOST, MOST, MOST, MOST), /more than 2\^53/],
    ["an HTML page", ascii(page), /this is an HTML page, not an IDX file. Most likely a server's error page/],
    ["an HTML page after blank lines", ascii(`${"\r\n".repeat(100)}${page}`), /HTML page/],
    ["an HTML page after a byte order mark", ascii(`\xEF\xBB\xBF${page}`), /HTML page/],
    ["an XML page of a store", ascii('<?xml version="1.0"?><Error>AccessDenied</Error>'), /HTML page/],
    ["an error of a server in plain words", ascii("404: Not Found"), /starts with the text "404: Not Found"/],
    ["an error of a server in JSON", ascii('{"error":"gone"}'), /starts with the text "\{\\"error\\":/],
    ["a pointer of Git LFS", ascii("version https://git-lfs.github.com/spec/v1\n"), /Git LFS pointer/],
    ["a ZIP archive", ascii("PK\x03\x04\x14\0"), /ZIP archive/],
    ["a gzip file", gzip(good), /this is a gzip file\. Read it with loadIdx/],
    ["a text", ascii("5,0,4,1,9\n"), /starts with the text "5,0,4,1,9\\n"/],
  ]);
});

describe("gunzip refuses", () => {
  const text = ascii("the quick brown fox jumps over the lazy dog. ".repeat(40));
  const good = gzip(text);
  const changed = (at: number, byte: number): Uint8Array => {
    const out = good.slice();
    out.set([byte], at < 0 ? good.length + at : at);
    return out;
  };
  const bomb = gzip(new Uint8Array(50_000_000));
  const liar = bomb.slice();
  new DataView(liar.buffer).setUint32(liar.length - 4, 1000, true);
  refuses(
    (bytes) => gunzip(bytes, { limit: 10_000 }),
    [
      ["an empty file", new Uint8Array(0), /the file is empty/],
      ["one byte", Uint8Array.of(0x1f), /not a gzip file: it starts with the bytes 1f/],
      ["the magic alone", Uint8Array.of(0x1f, 0x8b), /cut short: 2 bytes, at least 18 are needed/],
      ["a file cut in the header", good.subarray(0, 9), /cut short: 9 bytes/],
      ["a file cut in the middle", good.subarray(0, 40), /broken gzip file/],
      ["a file without its trailer", good.subarray(0, -8), /broken gzip file/],
      ["a file cut by a byte", good.subarray(0, -1), /broken gzip file: .* It was cut short/],
      ["a wrong checksum", changed(-8, good[good.length - 8] ^ 1), /broken gzip file/],
      ["a length one too small", changed(-4, good[good.length - 4] - 1), /broken gzip file/],
      ["a length one too large", changed(-4, good[good.length - 4] + 1), /broken gzip file/],
      [
        "a length that cannot be",
        changed(-1, 0xff),
        /promise 427\d+ bytes, but its \d+ cannot unpack to so many/,
      ],
      ["a method other than 8", changed(2, 9), /broken gzip file/],
      ["reserved flags", changed(3, 0xe0), /broken gzip file/],
      ["an extra field longer than the file", changed(3, 4), /broken gzip file/],
      ["a changed bit in the data", changed(20, good[20] ^ 4), /broken gzip file/],
      ["trailing zeros", join(good, new Uint8Array(8)), /something follows its end/],
      ["trailing text", join(good, ascii("and more")), /something follows its end/],
      ["a second member", join(good, good), /something follows its end/],
      ["a second member cut short", join(good, good.subarray(0, 30)), /broken gzip file/],
      ["a byte more than the limit", gzip(new Uint8Array(10_001)), /more than the 10000 bytes allowed/],
      ["a bomb", bomb, /more than the 10000 bytes allowed.* promise 50000000/],
      ["a bomb that lies about its length", liar, /promise 1000 bytes, but it unpacks to more/],
      ["an HTML page", ascii(page), /this is an HTML page, not a gzip file/],
      ["a ZIP archive", ascii("PK\x03\x04\x14\0"), /ZIP archive, not a gzip file/],
    ],
  );
});

describe("loadIdx refuses", () => {
  const good = idxFile("i16", [2, 2], [1, -2, 3, -4]);
  refuses(loadIdx, [
    ["a bomb behind a small header", gzip(join(good, new Uint8Array(1e7))), /more than the 20 bytes allowed/],
    [
      "a header that promises 16 GiB",
      gzip(header(8, MOST, 4)),
      /promises 17179869192 bytes, more than the limit/,
    ],
    ["a header that promises 1 GiB and no data", gzip(header(8, 2 ** 30 - 8)), /cut short: .* but it has 8/],
    ["a byte too few", gzip(good.subarray(0, -1)), /IDX file cut short/],
    ["nothing, packed", gzip(new Uint8Array(0)), /the file is empty/],
    ["an HTML page, packed", gzip(ascii(page)), /HTML page, not an IDX file/],
    ["a file packed twice", gzip(gzip(good)), /gzipped twice/],
    ["an HTML page", ascii(page), /HTML page, not an IDX file/],
  ]);
});

describe("readCsv refuses", () => {
  const kinds = { categories: { kind: "sorted" } } as const;
  const columns = (count: number): string => Array.from({ length: count }, (_, i) => `c${i}`).join();
  refuses(
    (bytes) => readCsv(new TextDecoder().decode(bytes), bytes[0] === 0x6b ? kinds : {}),
    [
      ["an empty file", new Uint8Array(0), /the file is empty/],
      ["blank lines alone", ascii("\r\n".repeat(1000)), /the file is empty/],
      ["an HTML page", ascii(page), /HTML page, not CSV. Most likely a server's error page/],
      [
        "a quote never closed",
        ascii(`x\n"${"1\n".repeat(100_000)}`),
        /line 2, column 1: this quote is never closed/,
      ],
      ["quotes alone", ascii('"'.repeat(99_999)), /line 1, column 1: this quote is never closed/],
      ["a quote inside a field", ascii('x\n1"2\n'), /a quote inside an unquoted field/],
      ["text behind a closing quote", ascii('x\n"1" z\n'), /"z" follows the closing quote/],
      ["a short row", ascii("x,y\n1\n"), /line 2 has 1 field, but the first line has 2 fields/],
      ["a long row", ascii("x,y\n1,2,3\n"), /line 2 has more than the 2 fields of the first line/],
      [
        "a field longer than 2^20",
        ascii(`x\n${"9".repeat(1_100_000)}\n`),
        /line 2, column 1: a field of more than 1048576 characters/,
      ],
      [
        "R5: a quoted field of line breaks",
        ascii(`x\n"${"\n".repeat(3e6)}"\n`),
        /line 2, column 1: a field of more than 1048576 characters is no number or class/,
      ],
      [
        "R5: a quoted field of doubled quotes",
        ascii(`x\n"${'""'.repeat(2e6)}"\n`),
        /more than 1048576 characters/,
      ],
      ["R5: line breaks before a NUL character", ascii(`${"\n".repeat(3e6)}\0`), /line 3000001 holds a NUL/],
      ["R5: one line of 10^7 blanks", ascii(`x${" ".repeat(1e7)}y\n1\n`), /more than 1048576 characters/],
      ["a row of 10^6 fields", ascii(`x,y\n${"1,".repeat(1e6)}\n`), /line 2 has more than the 2 fields/],
      ["10^6 columns", ascii(columns(1e6)), /line 1 has more than 100000 fields\. Is this a table/],
      ["10^6 commas", ascii(",".repeat(1e6)), /line 1 has more than 100000 fields/],
      ["10^5 columns and a short row", ascii(`${columns(1e5)}\n1`), /line 2 has 1 field, but the first/],
      [
        "10^5 columns with a name twice",
        ascii(`${columns(1e5 - 1)},c7`),
        /columns 8 and 100000 have the same name, "c7"/,
      ],
      ["a field of 10^6 letters", ascii(`x\n${"z".repeat(1e6)}\n`), /"z{100}…" is not a number/],
      ["a field of 10^6 digits", ascii(`x\n${"9".repeat(1e6)}\n`), /"9{100}…" is too large/],
      [
        "an error in a column whose name is long",
        ascii(`${"n".repeat(1e6)}\n?\n`),
        /\("n{100}…"\): "\?" is not/,
      ],
      ["1e999", ascii("x\n1e999\n"), /"1e999" is too large/],
      ["an empty field", ascii("x,y\n1,\n"), /line 2, column 2 \("y"\): "" is empty/],
      ["a field of 10^5 spaces", ascii(`x\n${" ".repeat(1e5)}\n`), /is empty/],
      [
        "a name twice",
        ascii("__proto__,__proto__\n1,2\n"),
        /columns 1 and 2 have the same name, "__proto__"/,
      ],
      [
        "a word in the column __proto__",
        ascii("__proto__\npolluted\n"),
        /\("__proto__"\): "polluted" is not a/,
      ],
      ["a NUL character", ascii("x,y\n1,2\0\n"), /line 2 holds a NUL character: this is no text, or UTF-16/],
      ["a text in UTF-16", new Uint8Array(Buffer.from("x,y\n1,2\n", "utf16le")), /NUL character.*"utf-16le"/],
      ["a number that is no UTF-8", ascii("x\n1\xFF\n"), /line 2, column 1 \("x"\): "1�" was not decoded/],
      ["a class that is no UTF-8", ascii("kind\ncaf\xE9\n"), /"caf�" was not decoded: .*"windows-1252"/],
      ["a name that is no UTF-8", ascii("\xFFx\n1\n"), /the name of column 1: "�x" was not decoded/],
      [
        "UTF-8 cut in a character",
        ascii("kind\n\xE2\x82"),
        /line 2, column 1 \("kind"\): "�" was not decoded/,
      ],
      ["a gzip file", gzip(ascii("x\n1\n")), /NUL character/],
    ],
  );
});
