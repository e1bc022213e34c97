import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  add,
  concat,
  createRng,
  GradusError,
  ShapeError,
  show,
  tensor,
  zeros,
} from "../src/index.ts";

/** Whether a text holds characters that change a terminal, the direction of the text, or are invisible. */
const unreadable = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const nasty = "a\u001b[31m\u0000\r\u007f\u009b\u202e\u2066\u200b\ufeffz";

describe("H8: control and bidirectional characters never reach a message", () => {
  test("H8: in a shown value", () => {
    for (const value of [
      nasty,
      [nasty],
      Symbol(nasty),
      Object.assign(() => 0, {}),
      { constructor: { name: nasty } },
    ]) {
      expect(show(value)).not.toMatch(unreadable);
    }
    expect(show("\u202eabc\u001b")).toBe('"\\u202eabc\\u001b"');
    expect(show("naïve Σ 日本 😀")).toBe('"naïve Σ 日本 😀"');
  });

  test("H8: in any error of gradus, wherever the text comes from", () => {
    expect(new GradusError(`file ${nasty}`).message).not.toMatch(unreadable);
    expect(new ShapeError("a\nb\u202e").message).toBe("a\nb\\u202e");
    expect(new GradusError("x", { cause: 1 })).toMatchObject({ message: "x", cause: 1 });
    expect(() => createRng({ toString: () => nasty } as never)).toThrow(ArgumentError);
    expect(() => tensor(nasty as never)).toThrow(/^tensor: "a\\u001b\[31m\\u0000\\r\\u007f\\u009b\\u202e/);
  });
});

describe("R12: messages have a limit", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic, cyclic);
  const deep = Array.from({ length: 100_000 }).reduce((inner) => [inner], 1);
  const wide = Array.from({ length: 50 }, () =>
    Array.from({ length: 50 }, () => Array(50).fill("x".repeat(500))),
  );
  test.each([
    ["a long list", Array(1e6)],
    ["lists in lists", wide],
    ["a list in itself", cyclic],
    ["a deep list", deep],
    ["a long text", "x".repeat(1e6)],
    ["a long number", 10n ** 5000n],
    ["a long symbol", Symbol("x".repeat(1e6))],
    ["a long name", { constructor: { name: "x".repeat(1e6) } }],
    ["a name that is no text", { constructor: { name: {} } }],
    ["no prototype", Object.create(null)],
    [
      "a value that throws",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("get");
          },
        },
      ),
    ],
  ])("R12: %s", (_, value) => {
    expect(show(value).length).toBeLessThan(2500);
    const refuse = (): unknown => add(tensor(1), value as never);
    expect(refuse).toThrow(/^add: input 2 must be a tensor or a number/);
    try {
      refuse();
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(3000);
    }
  });

  test("R12: a revoked proxy", () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    expect(show([proxy, 1])).toBe("[object,1]");
  });

  test("an object of a class without a name is shown by its kind", () => {
    const generator = (function* () {})();
    expect(show(generator)).toBe("Generator");
    expect(show(new (class {})())).toBe("Object");
    expect(show(Object.create({ constructor: { name: "" } }))).toBe("Object");
  });

  test("R12: the head and the end of a message remain", () => {
    const many = Array.from({ length: 100_000 }, () => zeros([2]));
    expect(() => concat([...many, zeros([3, 1])])).toThrow(
      /^concat\(\[2\], \[2\].* … .*input 100001 has shape \[3,1\]/,
    );
    expect(new GradusError("x".repeat(1e6)).message.length).toBeLessThan(4010);
    expect(show([1, [2, 3], []])).toBe("[1,[2,3],[]]");
    expect(show(Array(30).fill(1))).toBe(`[${"1,".repeat(20)}… 30 in all]`);
  });
});
