import { expect, test } from "vitest";
import { fillUniform } from "../src/threefry.ts";

/** The number of one block. */
function number(position: number, key0: number, key1: number): number {
  const data = new Float64Array(1);
  fillUniform(data, position, key0, key1);
  return data[0];
}

/** The number that the two words of a block make: the upper 27 and 26 bits of them. */
function fromWords(first: number, second: number): number {
  return ((first >>> 5) * 2 ** 26 + (second >>> 6)) / 2 ** 53;
}

test("the known answer of Random123 for 13 rounds, counter 0 and key 0", () => {
  expect(number(0, 0, 0)).toBe(fromWords(0x9d1c5ec6, 0x8bd50731));
});

test("blocks of other counters and keys, from an implementation in Python integers that has the known answers", () => {
  const key = [0x13198a2e, 0x03707344] as const;
  const at = (high: number, low: number): number => high * 2 ** 32 + low;
  expect(number(at(5, 0x243f6a88), ...key)).toBe(fromWords(0xf9b01dc6, 0x3bc3234e));
  expect(number(at(5, 0xffffffff), ...key)).toBe(fromWords(0xbb6e7eea, 0x6ef861c3));
  expect(number(at(6, 0), ...key)).toBe(fromWords(0xe1fc923a, 0xce4e42aa));
});

test("numbers computed together are those computed one by one, also if the low word overflows", () => {
  const data = new Float64Array(700);
  fillUniform(data, 2 ** 32 - 300, 7, 8);
  expect([...data]).toEqual(Array.from(data, (_, i) => number(2 ** 32 - 300 + i, 7, 8)));
});
