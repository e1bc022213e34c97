import { tensor } from "@gradus/core";
import { expect, test } from "vitest";
import { consoleFor, shown } from "../../src/walk/console.ts";

test("values are shown as one would type them, cut where they are deep or long", () => {
  const deep = { a: { b: { c: { d: 1 } } } };
  expect(shown(deep)).toBe("{ a: { b: { c: … } } }");
  expect([1n, -0, null, undefined, "x", [1, ["y"]], Number.NaN].map(shown)).toEqual([
    "1n",
    "-0",
    "null",
    "undefined",
    '"x"',
    '[1, ["y"]]',
    "NaN",
  ]);
  expect(shown(new Map([["k", 1]]))).toBe('Map {["k", 1]}');
  expect(shown(new Float64Array([1, 2]))).toBe("Float64Array [1, 2]");
  expect(shown(new TypeError("no"))).toBe("TypeError: no");
  expect(shown(Array.from({ length: 100 }, () => 0)).endsWith("0, …]")).toBe(true);
  expect(shown(tensor([1, 2]))).toBe(String(tensor([1, 2])));
  const circle: unknown[] = [];
  circle.push(circle);
  expect(shown(circle)).toBe("[[[…]]]");
});

test("a value that throws when it is shown does no harm", () => {
  const hostile = {
    get a(): never {
      throw new Error("no");
    },
  };
  expect(shown(hostile)).toBe("(a value that cannot be shown)");
  expect(shown(Object.create(null))).toBe("{  }");
});

test("a console keeps 200 lines and says that there were more", () => {
  const lines: string[] = [];
  const { log, assert, time } = consoleFor((line) => lines.push(line)) as typeof console;
  time();
  assert(true, "not this");
  assert(false, "this", 1);
  for (let i = 0; i < 1000; i++) log(i, "y".repeat(5000));
  expect(lines.length).toBe(201);
  expect(lines[0]).toBe("Assertion failed: this 1");
  expect(lines[1].length).toBeLessThan(2010);
  expect(lines[200]).toBe("… more than 200 lines; the others are left out");
});
