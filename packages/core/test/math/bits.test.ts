import { describe, expect, test } from "vitest";
import { fromWords, highWord, POWER_BIAS, POWERS_OF_TWO } from "../../src/math/bits.ts";

describe("bit views", () => {
  test("1 is 0x3ff00000 00000000", () => {
    expect(highWord(1)).toBe(0x3ff00000);
    expect(fromWords(0x3ff00000, 0)).toBe(1);
  });

  test("the sign bit makes the high word negative", () => {
    expect(highWord(-0)).toBe(-(2 ** 31));
  });

  test("the smallest subnormal is the words 0 and 1", () => {
    expect(fromWords(0, 1)).toBe(5e-324);
    expect(highWord(5e-324)).toBe(0);
  });

  test("the words of a double make it again", () => {
    // π is 0x400921fb 54442d18.
    expect(highWord(Math.PI)).toBe(0x400921fb);
    expect(fromWords(highWord(Math.PI), 0x54442d18)).toBe(Math.PI);
  });
});

describe("POWERS_OF_TWO", () => {
  test("holds every power from the smallest subnormal to the largest", () => {
    for (let k = -1074; k <= 1023; k++) expect(POWERS_OF_TWO[k + POWER_BIAS]).toBe(2 ** k);
    expect(POWERS_OF_TWO.length).toBe(1074 + 1024);
  });
});
