import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { instructionFiles } from "../../../../tools/build/instruction-files.ts";
import {
  formats,
  instructions,
  namesIn,
  numbersOf,
  operandsOf,
  wordsOf,
} from "../../src/wasm/instructions.ts";

test.each(Object.entries(instructionFiles()))(
  "%s is what the table of instructions makes of it; if not, run pnpm build:kernels",
  (path, text) => {
    expect(readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8")).toBe(text);
  },
);

test("the instructions of a format are neighbours, in the order of the formats", () => {
  const order = Object.values(instructions).map(({ format }) => Object.keys(formats).indexOf(format));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test.each(Object.entries(instructions))(
  "%s has names of its own for its words and numbers, and room for them",
  (_, entry) => {
    const names = [...wordsOf(entry), ...numbersOf(entry)];
    expect(new Set(names).size).toBe(names.length);
    const { room = 0 } = { ...formats[entry.format] } as { room?: number };
    expect(operandsOf(entry).length).toBeLessThanOrEqual(room);
  },
);

test.each(["adam amsgrad", "rmsprop rmspropMomentum"])(
  "the code of %s finds the words of both at one place",
  (pair) => {
    const [first, second] = namesIn(pair).map((name) => instructions[name]);
    for (const listOf of [operandsOf, numbersOf]) {
      expect(listOf(second).slice(0, listOf(first).length)).toEqual(listOf(first));
    }
    expect(second.few).toEqual(first.few);
  },
);
