import { entry, file } from "./files.ts";

type Row = readonly [what: string, bytes: () => Uint8Array, message: RegExp];

export const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A good tensor of 4 bytes. */
export const a = entry("a", "F32", "[1]", "[0,4]");

export const good = (): Uint8Array => file(`{${a}}`, 4);

/** A file of 4 bytes of data and one tensor, with one of its parts replaced. */
export const dtype = (json: string) => (): Uint8Array =>
  file(`{"a":{"dtype":${json},"shape":[1],"data_offsets":[0,4]}}`, 4);

export const shape =
  (json: string, data = 4) =>
  (): Uint8Array =>
    file(`{${entry("a", "F32", json, `[0,${data}]`)}}`, data);

const offsets =
  (json: string, data = 4) =>
  (): Uint8Array =>
    file(`{${entry("a", "F32", "[1]", json)}}`, data);

export const header =
  (text: string, data = 0) =>
  (): Uint8Array =>
    file(text, data);

const claim = (n: bigint) => (): Uint8Array => file(`{${a}}`, 4, n);

const size = /tensor "a": shape must be whole numbers from 0 to 2\^53 − 1, found /;

const place = /tensor "a": data_offsets must be whole numbers from 0 to 2\^53 − 1, found /;

/** A pattern followed by these words. */
export const found = (pattern: RegExp, words: string): RegExp =>
  new RegExp(pattern.source + words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

export const rows: Record<string, readonly Row[]> = {
  "the length of the header": [
    ["an empty file", () => bytes(), /cut short: it has 0 bytes/],
    ["7 bytes", () => bytes(2, 0, 0, 0, 0, 0, 0), /cut short: it has 7 bytes/],
    ["0", () => file("", 0), /must begin with \{, found nothing/],
    ["0, and something follows", () => file("", 1), /must begin with \{, found nothing/],
    ["1", header("{"), /a name in the header must be a string, found the end of the header/],
    ["the whole file and 1", () => file("{}", 0, 11n), /promises a header of 11 bytes, and 2 follow/],
    ["1 more than there is", () => file("{}", 0, 3n), /promises a header of 3 bytes, and 2 follow/],
    ["just 100 MB", claim(100_000_000n), /promises a header of 100000000 bytes, and \d+ follow/],
    ["more than 100 MB", claim(100_000_001n), /header of 100000001 bytes, and 100 MB is the most/],
    ["2^31", claim(2n ** 31n), /header of 2147483648 bytes/],
    ["2^32 + 2, of which 32 bits are harmless", claim(2n ** 32n + 2n), /header of 4294967298 bytes/],
    ["2^53", claim(2n ** 53n), /header of 9007199254740992 bytes/],
    ["2^53 + 1", claim(2n ** 53n + 1n), /header of 9007199254740993 bytes/],
    ["2^64 − 1", claim(2n ** 64n - 1n), /header of 18446744073709551615 bytes/],
  ],
  "another file": [
    ["an HTML page", () => ascii("<!DOCTYPE html><title>404</title>"), /this is an HTML page/],
    ["a Git LFS pointer", () => ascii("version https://git-lfs.github.com/spec/v1"), /git lfs pull/],
    ["gzip", () => bytes(0x1f, 0x8b, 8, 8, 0, 0, 0, 0x60, 0), /this is a gzip file, not a safetensors file/],
    ["a zip archive", () => bytes(80, 75, 3, 4, 20, 0, 8, 8, 0), /ZIP archive, .* PyTorch's \.pt/],
    ["a text", () => ascii("hello, world"), /no safetensors file/],
  ],
  "the header's text": [
    ["an array", header("[]"), /must begin with \{, found the byte 0x5b/],
    ["null", header("null"), /must begin with \{, found the byte 0x6e/],
    ["a leading space", header(` {${a}}`, 4), /must begin with \{, found the byte 0x20/],
    ["a leading byte order mark", header(`\uFEFF{${a}}`, 4), /must begin with \{, found the byte 0xef/],
    ["no UTF-8 in a name", () => file(bytes(0x7b, 0x22, 0xff, 0x22)), /not valid UTF-8/],
    ["an overlong / in a name", () => file(bytes(0x7b, 0x22, 0xc0, 0xaf, 0x22)), /not valid UTF-8/],
    ["a surrogate in UTF-8", () => file(bytes(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22)), /not valid UTF-8/],
    ["half of an escaped surrogate pair", header(`{"\\ud800":1}`), /half of a surrogate pair/],
    ["no UTF-8 between names", () => file(bytes(0x7b, 0xff, 0x7d)), /a name in the header must be a string/],
    ["a bare word", header("{a:1}"), /a name in the header must be a string, found a:1/],
    ["a name that does not end", header('{"a'), /ends inside a string/],
    ["a name that ends in a backslash", header('{"a\\'), /ends inside a string/],
    ["an escaped end", header('{"a\\":{}}'), /ends inside a string/],
    ["an unknown escape", header('{"\\x61":1}'), /no such escape in JSON/],
    ["a line break in a name", header('{"a\nb":1}'), /control character inside a string/],
    ["no colon", header('{"a"}'), /after a name must come a colon, found \}/],
    ["a comma at the end", header(`{${a},}`, 4), /a name in the header must be a string, found \}/],
    ["no comma", header(`{${a}${a}}`, 4), /the header must go on with a comma or end with \}, found "a"/],
    ["no end", header(`{${a}`, 4), /comma or end with \}, found the end of the header/],
    ["two objects", header(`{${a}}{}`, 4), /nothing but spaces may follow the last \}, found \{/],
    ["a line break at the end", header(`{${a}}\n`, 4), /nothing but spaces may follow/],
    ["zeros at the end", header(`{${a}}\0\0`, 4), /nothing but spaces may follow/],
  ],
  nesting: [
    [
      "10^5 arrays",
      header(`{"a":${"[".repeat(1e5)}`),
      /tensor "a": what stands for it must be an object, found \[/,
    ],
    ["10^5 objects", header('{"a":'.repeat(1e5)), /tensor "a": there is no field "a"/],
    [
      "10^5 objects as metadata",
      header(`{"__metadata__":${'{"a":'.repeat(1e5)}`),
      /must be a string, found \{/,
    ],
    ["10^5 arrays as a shape", shape("[".repeat(1e5)), found(size, "[[[")],
  ],
  "names that appear twice": [
    ["of tensors", header(`{${a},${a}}`, 4), /"a" appears twice in the header/],
    ["one of them escaped", header(`{${a},"\\u0061":{}}`, 4), /"a" appears twice in the header/],
    [
      "escaped in two ways",
      header(`{${entry("\\n", "F32", "[1]", "[0,4]")},"\\u000a":{}}`, 4),
      /"\\n" appears twice/,
    ],
    ["of tensors of size 0", header(`{${entry("a", "F32", "[0]", "[0,0]")},${a}}`, 4), /"a" appears twice/],
    ["__metadata__", header('{"__metadata__":{},"__metadata__":{}}'), /"__metadata__" appears twice/],
    [
      "in the metadata",
      header('{"__metadata__":{"k":"1","\\u006b":"2"}}'),
      /"k" appears twice in __metadata__/,
    ],
    ["dtype", header('{"a":{"dtype":"U8","dtype":"F32"}}', 4), /tensor "a": "dtype" appears twice/],
    ["shape", header('{"a":{"shape":[4],"shape":[1]}}', 4), /tensor "a": "shape" appears twice/],
    [
      "data_offsets",
      header('{"a":{"data_offsets":[0,4],"data_offsets":[0,4]}}', 4),
      /"data_offsets" appears twice/,
    ],
  ],
  "names that mean something in JavaScript": ["__proto__", "constructor", "toString", ""].flatMap(
    (name): readonly Row[] => [
      [`"${name}" for nothing`, header(`{"${name}":{}}`), new RegExp(`tensor "${name}": has no dtype`)],
      [`"${name}" with a field`, header(`{"${name}":{"polluted":1}}`), /there is no field "polluted"/],
      [
        `"${name}" twice`,
        header(`{${entry(name, "F32", "[1]", "[0,4]")},"${name}":{}}`, 4),
        new RegExp(`"${name}" appears twice in the header`),
      ],
      [`"${name}" as a field`, header(`{"a":{"${name}":[]}}`), /tensor "a": there is no field/],
      [`"${name}" as a dtype`, dtype(`"${name}"`), /tensor "a": dtype "\w*" is none/],
      [
        `"${name}" as a dtype's value`,
        dtype(`{"${name}":"F32"}`),
        /tensor "a": dtype must be a string, found \{/,
      ],
    ],
  ),
  metadata: [
    ["null", header('{"__metadata__":null}'), /__metadata__ must be an object, found null/],
    ["a text", header('{"__metadata__":"pt"}'), /__metadata__ must be an object, found "pt"/],
    [
      "a number in it",
      header('{"__metadata__":{"step":1}}'),
      /a value of __metadata__ must be a string, found 1/,
    ],
    [
      "an object in it",
      header('{"__metadata__":{"a":{}}}'),
      /a value of __metadata__ must be a string, found \{/,
    ],
  ],
  "a tensor's fields": [
    ["a number for a tensor", header('{"a":1}'), /tensor "a": what stands for it must be an object, found 1/],
    ["a list for a tensor", header('{"a":["F32",[1],[0,4]]}', 4), /what stands for it must be an object/],
    ["no dtype", header('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4), /tensor "a": has no dtype/],
    ["no shape", header('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4), /tensor "a": has no shape/],
    ["no data_offsets", header('{"a":{"dtype":"F32","shape":[1]}}', 4), /tensor "a": has no data_offsets/],
    ["one that is not the format's", header('{"a":{"offsets":[0,4]}}', 4), /there is no field "offsets"/],
  ],
  dtype: [
    ["lower-case", dtype('"f32"'), /dtype "f32" is none; gradus reads F64, F32/],
    ["a long text", dtype(`"${"F".repeat(1e5)}"`), /dtype "F{100}…" is none/],
    ["a number", dtype("32"), /tensor "a": dtype must be a string, found 32/],
    ["null", dtype("null"), /dtype must be a string, found null/],
  ],
  shape: [
    ["no list", shape("1"), /tensor "a": shape must be a list, found 1/],
    ["negative", shape("[-1]"), found(size, "-1")],
    ["a fraction", shape("[1.5]"), found(size, "1.5")],
    ["a fraction of 0", shape("[1.0]"), found(size, "1.0")],
    ["−0", shape("[-0]"), found(size, "-0")],
    ["an exponent", shape("[1e0]"), found(size, "1e0")],
    ["infinite", shape("[1e999]"), found(size, "1e999")],
    ["a zero in front", shape("[01]"), found(size, "01")],
    ["a text", shape('["2"]'), found(size, '"2"')],
    ["null", shape("[null]"), found(size, "null")],
    ["NaN", shape("[NaN]"), found(size, "NaN")],
    ["a list in it", shape("[[1]]"), found(size, "[1")],
    ["a comma at the end", shape("[1,]"), found(size, "]")],
    ["two commas", shape("[1,,1]"), found(size, ",")],
    ["no comma", shape("[1 1]"), /shape must go on with a comma or end with \], found 1/],
    ["2^53", shape("[9007199254740992]"), found(size, "9007199254740992")],
    ["2^53 + 1, which JSON.parse rounds", shape("[9007199254740993]"), found(size, "9007199254740993")],
    [
      "2^64 − 2, which JSON.parse rounds",
      shape("[2,18446744073709551614]"),
      found(size, "18446744073709551614"),
    ],
    ["a million digits", shape(`[${"9".repeat(1e6)}]`), found(size, "9".repeat(24))],
    [
      "2^53 − 1 numbers",
      shape("[9007199254740991]"),
      /shape \[9007199254740991\] of F32 promises more than 2\^53/,
    ],
    ["a product of 2^64", shape("[4294967296,4294967296]"), /promises more than 2\^53 bytes/],
    [
      "a product of 2^65, which is 0 in 64 bits",
      shape("[4294967296,4294967296,2]"),
      /promises more than 2\^53/,
    ],
    [
      "an inexact product before a 0",
      shape("[9007199254740991,9007199254740991,0]", 0),
      /promises more than 2\^53/,
    ],
    [
      "larger than the data",
      shape("[2]"),
      /tensor "a": F32 \[2\] takes 8 bytes, but data_offsets \[0,4\] are 4/,
    ],
    ["smaller than the data", shape("[1]", 8), /F32 \[1\] takes 4 bytes, but data_offsets \[0,8\] are 8/],
    ["of size 0, with data", shape("[3,0]"), /F32 \[3,0\] takes 0 bytes, but data_offsets \[0,4\] are 4/],
    ["a scalar without data", shape("[]", 0), /F32 \[\] takes 4 bytes, but data_offsets \[0,0\] are 0/],
    ["not a whole number of numbers", shape("[1]", 5), /takes 4 bytes, but data_offsets \[0,5\] are 5/],
  ],
  data_offsets: [
    ["none", offsets("[]"), /tensor "a": data_offsets must be \[begin,end\], got \[\]/],
    ["one", offsets("[4]"), /data_offsets must be \[begin,end\], got \[4\]/],
    ["three", offsets("[0,4,4]"), /data_offsets must be \[begin,end\], got \[0,4,4\]/],
    ["a thousand", offsets(`[${"0,".repeat(999)}0]`), /got \[(?:0,){20}… 1000 in all\]/],
    ["a number", offsets("4"), /data_offsets must be a list, found 4/],
    ["reversed", offsets("[4,0]"), /data_offsets \[4,0\] end before they begin/],
    ["negative", offsets("[-4,0]"), found(place, "-4")],
    ["fractions", offsets("[0,4.0]"), found(place, "4.0")],
    ["2^64 − 1", offsets("[0,18446744073709551615]"), found(place, "18446744073709551615")],
    ["past the end", offsets("[0,8]"), /data_offsets \[0,8\] go past the end: the file has 4 bytes/],
    ["wholly past the end", offsets("[8,12]"), /data_offsets \[8,12\] go past the end/],
    ["size 0, past the end", header(`{${entry("a", "F32", "[0]", "[4,4]")}}`), /\[4,4\] go past the end/],
    [
      "past the end, as the last byte is missing",
      () => good().subarray(0, -1),
      /the file has 3 bytes of data/,
    ],
  ],
  "the data as a whole": [
    [
      "one byte too many",
      offsets("[0,4]", 5),
      /no tensor has the bytes \[4,5\] of the data: a hole at the end of the file/,
    ],
    ["data of no tensor", header("{}", 3), /no tensor has the bytes \[0,3\] of the data/],
    ["a hole at the start", offsets("[4,8]", 8), /the bytes \[0,4\] of the data: a hole before tensor "a"/],
    [
      "a hole in the middle",
      header(`{${a},${entry("b", "F32", "[1]", "[8,12]")}}`, 12),
      /the bytes \[4,8\] of the data: a hole before tensor "b"/,
    ],
    [
      "the same bytes twice",
      header(`{${a},${entry("b", "F32", "[1]", "[0,4]")}}`, 4),
      /tensor "b": overlaps another: with this one the tensors claim 8 bytes, and the file holds 4/,
    ],
    [
      "the same bytes twice, and others not at all",
      header(`{${entry("b", "F32", "[1]", "[0,4]")},${a}}`, 8),
      /tensor "a": overlaps tensor "b": data_offsets \[0,4\] begin before byte 4/,
    ],
    [
      "an overlap in part, and a hole",
      header(`{${entry("b", "U8", "[4]", "[2,6]")},${a}}`, 12),
      /tensor "b": overlaps tensor "a": data_offsets \[2,6\] begin before byte 4/,
    ],
    [
      "size 0 inside another",
      header(`{${entry("b", "F32", "[0]", "[2,2]")},${a}}`, 4),
      /tensor "b": overlaps tensor "a": data_offsets \[2,2\]/,
    ],
  ],
};
