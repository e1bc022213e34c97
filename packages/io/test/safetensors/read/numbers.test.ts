import { FormatError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { readSafetensors } from "../../../src/safetensors/read.ts";
import { entry, file, fileOf } from "../files.ts";

/** The numbers of a file of one tensor with these bytes. */
const decode = (dtype: string, ...bytes: readonly number[]): number[] => {
  const size = { F16: 2, BF16: 2, I64: 8, U64: 8 }[dtype] ?? 1;
  const data = fileOf(dtype, Uint8Array.from(bytes), [bytes.length / size]);
  return [...readSafetensors(data).tensor("x").data];
};

const ff = (count: number): number[] => new Array<number>(count).fill(0xff);

describe("numbers", () => {
  test("F16: largest, smallest normal, largest and smallest subnormal, ±0, ±∞, NaN, 1 + 2^−10", () => {
    const patterns = [0x7bff, 0x0400, 0x03ff, 0x0001, 0x0000, 0x8000, 0x7c00, 0xfc00, 0x7e01, 0x3c01, 0xc000];
    expect(decode("F16", ...patterns.flatMap((bits) => [bits & 255, bits >> 8]))).toEqual([
      65504,
      2 ** -14,
      1023 * 2 ** -24,
      2 ** -24,
      0,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      1 + 2 ** -10,
      -2,
    ]);
  });

  test("BF16: largest, smallest normal and subnormal, ±0, ±∞, NaN, 1 + 2^−7", () => {
    const patterns = [0x7f7f, 0x0080, 0x0001, 0x0000, 0x8000, 0x7f80, 0xff80, 0x7fc1, 0x3f81];
    expect(decode("BF16", ...patterns.flatMap((bits) => [bits & 255, bits >> 8]))).toEqual([
      255 * 2 ** 120,
      2 ** -126,
      2 ** -133,
      0,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      1 + 2 ** -7,
    ]);
  });

  test("I64 and U64 up to ±(2^53 − 1)", () => {
    expect(decode("I64", ...ff(6), 0x1f, 0)).toEqual([2 ** 53 - 1]);
    expect(decode("I64", 1, 0, 0, 0, 0, 0, 0xe0, 0xff)).toEqual([1 - 2 ** 53]);
    expect(decode("I64", ...ff(8), 0, 0, 0, 0, 1, 0, 0, 0)).toEqual([-1, 2 ** 32]);
    expect(decode("U64", ...ff(6), 0x1f, 0)).toEqual([2 ** 53 - 1]);
  });

  test("H7: I64 and U64 beyond are refused if float64 would round them", () => {
    const rounded =
      'safetensors: tensor "x", element 1: 9007199254740993 is no float64 number: it would be rounded to 9007199254740992';
    const big = [1, 0, 0, 0, 0, 0, 0x20, 0];
    expect(() => decode("I64", ...new Array(8).fill(0), ...big)).toThrow(rounded);
    expect(() => decode("U64", ...new Array(8).fill(0), ...big)).toThrow(rounded);
    expect(() => decode("U64", ...ff(8))).toThrow(/element 0: 18446744073709551615 is no float64 number/);
    expect(() => decode("I64", ...ff(7), 0x7f)).toThrow(
      /element 0: 9223372036854775807 is no float64 number/,
    );
    expect(() => decode("I64", ...ff(6), 0xdf, 0xff)).toThrow(/element 0: -9007199254740993 is no float64/);
    expect(() => decode("U64", ...ff(8))).toThrow(FormatError);
  });

  test("H7: I64 and U64 beyond 2^53 are read if they are exact", () => {
    const number = (value: bigint): number[] => [
      ...new Uint8Array(BigInt64Array.of(BigInt.asIntN(64, value)).buffer),
    ];
    const exact = [2n ** 53n, 2n ** 60n, 2n ** 62n + 2n ** 10n, 2n ** 53n + 2n];
    for (const value of exact) {
      expect(decode("I64", ...number(value))).toEqual([Number(value)]);
      expect(decode("I64", ...number(-value))).toEqual([-Number(value)]);
      expect(decode("U64", ...number(value))).toEqual([Number(value)]);
    }
    expect(decode("I64", ...number(-(2n ** 63n)))).toEqual([-(2 ** 63)]);
    expect(decode("U64", ...number(2n ** 63n), ...number(2n ** 64n - 2048n))).toEqual([
      2 ** 63,
      2 ** 64 - 2048,
    ]);
  });

  test("BOOL is 0 or 1", () => {
    expect(decode("BOOL", 0, 1, 1)).toEqual([0, 1, 1]);
    expect(() => decode("BOOL", 1, 0, 2)).toThrow(FormatError);
    expect(() => decode("BOOL", 1, 0, 2)).toThrow(
      'safetensors: tensor "x", element 2: a BOOL is the byte 0 or 1, found 2',
    );
  });

  test.each(["F8_E4M3", "F8_E5M2", "F4", "C64", "FORMAT_OF_2031"])(
    "K11: one tensor of %s does not prevent reading the others",
    (dtype) => {
      const header = `{${entry("a", dtype, "[3]", "[0,3]")},${entry("b", "U8", "[1]", "[3,4]")}}`;
      const read = readSafetensors(file(header, Uint8Array.of(1, 2, 3, 8)));
      expect(read.names).toEqual(["a", "b"]);
      expect(read.info("a")).toEqual({ dtype, shape: [3] });
      expect(read.tensor("b").item()).toBe(8);
      expect(() => read.tensor("a")).toThrow(FormatError);
      expect(() => read.tensor("a")).toThrow(
        `safetensors: tensor "a" is "${dtype}", which gradus does not read; it reads F64, F32`,
      );
    },
  );

  test("K11: a tensor of an unknown dtype still has its own bytes", () => {
    const overlap = `{${entry("a", "F8_E4M3", "[3]", "[0,3]")},${entry("b", "U8", "[1]", "[2,3]")}}`;
    expect(() => readSafetensors(file(overlap, 3))).toThrow(FormatError);
    expect(() => readSafetensors(file(`{${entry("a", "F4", "[3]", "[0,2]")}}`, 3))).toThrow(/a hole/);
  });

  test("an unreadable number in one tensor does not prevent reading the others", () => {
    const header = `{${entry("bad", "BOOL", "[1]", "[0,1]")},${entry("good", "U8", "[1]", "[1,2]")}}`;
    const read = readSafetensors(file(header, Uint8Array.of(9, 8)));
    expect(() => read.tensor("bad")).toThrow(FormatError);
    expect(read.tensor("good").item()).toBe(8);
  });
});
