import { expect, test } from "vitest";
import { threefry } from "../src/threefry.ts";

function block(position: number, key0: number, key1: number): string[] {
  const words = new Int32Array(2);
  threefry(words, 1, position, key0 | 0, key1 | 0);
  return [...words].map((word) => (word >>> 0).toString(16));
}

test("the known answer of Random123 for 13 rounds, counter 0 and key 0", () => {
  expect(block(0, 0, 0)).toEqual(["9d1c5ec6", "8bd50731"]);
});

test("blocks of other counters and keys, from an implementation in Python integers that has the known answers", () => {
  const key = [0x13198a2e, 0x03707344] as const;
  const at = (high: number, low: number): number => high * 2 ** 32 + low;
  expect(block(at(5, 0x243f6a88), ...key)).toEqual(["f9b01dc6", "3bc3234e"]);
  expect(block(at(5, 0xffffffff), ...key)).toEqual(["bb6e7eea", "6ef861c3"]);
  expect(block(at(6, 0), ...key)).toEqual(["e1fc923a", "ce4e42aa"]);
});

test("blocks computed together are those computed one by one, also where the low word overflows", () => {
  const words = new Int32Array(8);
  threefry(words, 4, 2 ** 32 - 2, 7, 8);
  const single = [0, 1, 2, 3].flatMap((i) => block(2 ** 32 - 2 + i, 7, 8));
  expect([...words].map((word) => (word >>> 0).toString(16))).toEqual(single);
});
