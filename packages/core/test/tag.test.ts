import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { ranges, resolveOptions, sum, tensor, zeros } from "../src/index.ts";
import { tagOf } from "../src/tag.ts";

const foreign = (code: string): never => runInNewContext(`(${code})`) as never;

describe("K15: built-in objects of another window, worker or vm context", () => {
  test.each([
    ["new Float64Array(1)", "Float64Array"],
    ["new ArrayBuffer(1)", "ArrayBuffer"],
    ["new Map()", "Map"],
    ["Promise.resolve()", "Promise"],
    ["new RangeError('x')", "Error"],
    ["[]", "Array"],
  ])("K15: %s is told by its tag", (code, tag) => {
    expect(tagOf(foreign(code))).toBe(tag);
    expect(tagOf(new Function(`return ${code}`)())).toBe(tag);
  });

  test("K15: arrays, typed arrays, params and options count like one's own", () => {
    expect(tensor(foreign("[[1, 2], [3, 4]]")).shape).toEqual([2, 2]);
    expect(tensor(foreign("new Float32Array([1, 2])")).toArray()).toEqual([1, 2]);
    expect(zeros([2]).assign(foreign("new Float64Array([5, 6])")).toArray()).toEqual([5, 6]);
    expect(sum(zeros([2, 3]), foreign("{ axes: [0], keepDims: true }")).shape).toEqual([1, 3]);
    expect(zeros(foreign("[2, 3]")).shape).toEqual([2, 3]);
    expect(resolveOptions("f", foreign("{ a: [1] }"), {}, { a: ranges.counts })).toEqual({ a: [1] });
    expect(ranges.builtIn("Uint32Array").admits(foreign("new Uint32Array(1)"))).toBe(true);
    expect(ranges.builtIn("Uint32Array").admits([1])).toBe(false);
  });

  test("K15: what holds no numbers is refused like one's own", () => {
    expect(() => tensor(foreign("new BigInt64Array(1)"))).toThrow("tensor: 0n at [0] is not a number");
    expect(() => tensor(foreign("new DataView(new ArrayBuffer(8))"))).toThrow(
      "tensor: a DataView does not hold numbers",
    );
    expect(() => sum(zeros([2]), foreign("new Map()"))).toThrow("sum: needs a params object");
  });
});
