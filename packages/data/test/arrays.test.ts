import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { checkBytes, isArrayOf, tagOf } from "../src/arrays.ts";

test("K15: the type of an array does not depend on the realm that made it", () => {
  for (const make of [
    (code: string): unknown => runInNewContext(code),
    (code: string): unknown => new Function(`return ${code}`)(),
  ]) {
    expect(isArrayOf("Float64", make("new Float64Array(1)"))).toBe(true);
    expect(isArrayOf("Float64", make("new Float32Array(1)"))).toBe(false);
    expect(isArrayOf("Float64", make("[1]"))).toBe(false);
    expect(tagOf(make("new Uint8Array(1)"))).toBe("[object Uint8Array]");
    expect(() => checkBytes(make("new Uint8Array(1)"), "readIdx")).not.toThrow();
    expect(() => checkBytes(make("new ArrayBuffer(1)"), "readIdx")).toThrow(
      "readIdx: needs the bytes as a Uint8Array, got ArrayBuffer. Wrap it: new Uint8Array(buffer)",
    );
  }
});

test("an object that only claims to be an array is none", () => {
  expect(isArrayOf("Uint8", { [Symbol.toStringTag]: "Uint8Array", length: 1 })).toBe(false);
});
