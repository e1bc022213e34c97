import { afterEach, describe, expect, test } from "vitest";
import {
  ArgumentError,
  check,
  checkOptions,
  createRng,
  ranges,
  resolveOptions,
  tensor,
} from "../src/index.ts";

interface Options {
  slope: number;
  mode: string;
  name: string | undefined;
}

const resolve = (given: unknown): Options =>
  resolveOptions<Options>(
    "Layer",
    given,
    { slope: 0.01, mode: "min" },
    { slope: ranges.finite, mode: ranges.oneOf("min", "max"), name: ranges.optional(ranges.text) },
  );

const ALL = "{ slope, mode, name }";

function messageOf(given: unknown): string {
  try {
    resolve(given);
  } catch (error) {
    expect(error).toBeInstanceOf(ArgumentError);
    return (error as Error).message;
  }
  return "nothing thrown";
}

describe("check", () => {
  test("a value in range passes, for another the message names caller, argument, value and range", () => {
    check("Dropout", "p", 1, ranges.unit);
    expect(() => check("Dropout", "p", 2, ranges.unit)).toThrow(
      new ArgumentError("Dropout: p must be in [0, 1], got 2"),
    );
  });

  test("inside an op the message has no name: the op adds its own", () => {
    expect(() => check("", "p", "1", ranges.unit)).toThrow(new ArgumentError('p must be in [0, 1], got "1"'));
  });
});

describe("resolveOptions", () => {
  test("defaults replace options that are not given or undefined, and nothing is changed", () => {
    const given = Object.freeze({ slope: undefined, mode: "max" });
    expect(resolve(given)).toEqual({ slope: 0.01, mode: "max" });
    expect(resolve({})).toEqual({ slope: 0.01, mode: "min" });
    expect(resolve({ name: "a", slope: 0 })).toEqual({ slope: 0, mode: "min", name: "a" });
  });

  test("an unknown option is refused, with the nearest known one and the list of all", () => {
    expect(messageOf({ alpha: 0.3 })).toBe(
      `Layer: unknown option "alpha"; did you mean "slope"? It takes ${ALL}`,
    );
    expect(messageOf({ slpoe: 0.3 })).toBe(
      `Layer: unknown option "slpoe"; did you mean "slope"? It takes ${ALL}`,
    );
    expect(messageOf({ slope: 1, colour: "red" })).toBe(`Layer: unknown option "colour"; it takes ${ALL}`);
  });

  test("the message says that there are no options", () => {
    expect(() => resolveOptions("ReLU", { slope: 1 }, {}, {})).toThrow(
      'ReLU: unknown option "slope"; it takes {}',
    );
  });

  test("an unknown option is refused also when it is undefined", () => {
    expect(messageOf({ alpha: undefined })).toMatch(/unknown option "alpha"/);
  });

  test("a value out of range is refused", () => {
    expect(messageOf({ slope: Number.NaN })).toBe("Layer: slope must be a finite number, got NaN");
    expect(messageOf({ mode: "Max" })).toBe('Layer: mode must be "min" or "max", got "Max"');
    expect(messageOf({ name: null })).toBe("Layer: name must be a string, got null");
  });

  test("an option without a default is missing if it is not given", () => {
    const needed = (given: object): unknown =>
      resolveOptions<{ steps: number }>("decay", given, {}, { steps: ranges.positiveCount });
    expect(needed({ steps: 3 })).toEqual({ steps: 3 });
    expect(() => needed({})).toThrow("decay: steps must be a whole number ≥ 1, got undefined");
    expect(() => needed({ steps: undefined })).toThrow("got undefined");
  });

  test.each([
    ["null", null],
    ["undefined", undefined],
    ["0.3", 0.3],
    ['"slope"', "slope"],
    ["[0.3]", [0.3]],
    ["true", true],
  ])("%s is no options object", (text, given) => {
    expect(messageOf(given)).toBe(`Layer: needs an options object ${ALL}, got ${text}`);
  });

  test.each([
    ["Map", new Map([["slope", 1]])],
    ["Rng", createRng(1)],
    ["Tensor", tensor([1])],
    ["Date", new Date(0)],
    ["Custom", new (class Custom {})()],
  ])("an instance of %s is no options object: what it holds would be left out", (name, given) => {
    expect(messageOf(given)).toBe(`Layer: needs an options object ${ALL}, got ${name}`);
  });

  test("a function is no options object", () => {
    expect(messageOf(() => 1)).toMatch(/^Layer: needs an options object/);
  });

  test("objects without a prototype, of other realms and inheriting ones are options objects", () => {
    expect(resolve(Object.assign(Object.create(null), { slope: 2 }))).toEqual({ slope: 2, mode: "min" });
    expect(resolve(Object.create({ slope: 2 }))).toEqual({ slope: 2, mode: "min" });
    expect(messageOf(Object.create({ alpha: 2 }))).toMatch(/unknown option "alpha"/);
  });

  test("a getter is read once", () => {
    let reads = 0;
    const given = {
      get slope() {
        return ++reads;
      },
    };
    expect(resolve(given).slope).toBe(1);
    expect(reads).toBe(1);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "an option called %s is as unknown as any other",
    (name) => {
      expect(messageOf(JSON.parse(`{"${name}": {"slope": 3}}`))).toBe(
        `Layer: unknown option "${name}"; it takes ${ALL}`,
      );
    },
  );

  describe("with a property added to Object.prototype", () => {
    afterEach(() => {
      Reflect.deleteProperty(Object.prototype, "slope");
      Reflect.deleteProperty(Object.prototype, "polluted");
    });

    test("the property is neither an option nor an error", () => {
      Object.assign(Object.prototype, { slope: 99, polluted: true });
      expect(resolve({}).slope).toBe(0.01);
      expect(resolve({ slope: 2 }).slope).toBe(2);
    });
  });

  test("a rule may leave an option out of the ranges: the default holds, and it cannot be given", () => {
    const fixed = (given: object): unknown =>
      resolveOptions("Rule", given, { a: 1, b: 2 }, { a: ranges.finite } as never);
    expect(fixed({ a: 3 })).toEqual({ a: 3, b: 2 });
    expect(() => fixed({ b: 3 })).toThrow('Rule: unknown option "b"; it takes { a }');
  });
});

test("checkOptions copies the given options without checking values", () => {
  const given = { a: Number.NaN, b: undefined };
  const found = checkOptions("f", given, ["a", "b", "c"]);
  expect(found).toEqual({ a: Number.NaN });
  expect("b" in found).toBe(false);
  expect(found).not.toBe(given);
});
