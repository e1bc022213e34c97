import { describe, expect, test } from "vitest";
import { fromWords, highWord, lowWord, POWER_BIAS, POWERS_OF_TWO } from "../../src/math/bits.ts";

describe("bit views", () => {
  test("1 is 0x3ff00000 00000000", () => {
    expect(highWord(1)).toBe(0x3ff00000);
    expect(lowWord(1)).toBe(0);
  });

  test("the sign bit makes the high word negative", () => {
    expect(highWord(-0)).toBe(-(2 ** 31));
  });

  test("the words of the smallest subnormal are 0 and 1", () => {
    expect([highWord(5e-324), lowWord(5e-324)]).toEqual([0, 1]);
  });

  test("a double survives the way into words and back", () => {
    for (const x of [Math.PI, -1e300, 3e-310, -0, Infinity]) {
      expect(fromWords(highWord(x), lowWord(x))).toBe(x);
    }
  });
});

describe("POWERS_OF_TWO", () => {
  test("holds every power from the smallest subnormal to the largest", () => {
    for (let k = -1074; k <= 1023; k++) expect(POWERS_OF_TWO[k + POWER_BIAS]).toBe(2 ** k);
    expect(POWERS_OF_TWO.length).toBe(1074 + 1024);
  });
});
