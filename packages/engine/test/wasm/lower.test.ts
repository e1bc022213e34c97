import { defineOp, type Op, type Shape, type Tensor, tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { lowerOp } from "../../src/wasm/lower.ts";
import { inWay, WAYS } from "../ways.ts";

/** An op whose loop has nothing to do with its kernel: out[i] = 100 + i + Σ of the first elements. */
function ownOp(
  kernel: unknown,
  out: Shape,
  arity: number,
  more: object = { axes: [0], transposeY: false },
): Op<Tensor[], object> {
  return defineOp<Tensor[], object>({
    name: "own",
    formula: "out = 100 + i + Σ x[0]",
    shape: () => out,
    forward: (inputs: readonly Tensor[], result: Float64Array) => {
      const sum = inputs.reduce((total, x) => total + (x.data[0] ?? 0), 100);
      for (let i = 0; i < result.length; i++) result[i] = sum + i;
    },
    vjp: Array.from({ length: arity }, () => null),
    defaults: {
      low: 0,
      high: 1,
      text: "1",
      nan: Number.NaN,
      axis: -1,
      ...more,
      transposeX: false,
      nothing: null,
    },
    kernel,
  } as never) as Op<Tensor[], object>;
}

describe("the loop runs where a kernel does not fit its op:", () => {
  const elementwise = (instruction: string, ...numbers: unknown[]) => ({
    layout: "elementwise",
    instruction,
    numbers,
  });
  const product = { layout: "product" };
  const sameNumbers = { layout: "sameNumbers" };
  const sum = { layout: "reduction", instruction: "sum" };
  const softmax = { layout: "rows", instruction: "softmax" };
  // biome-ignore format: a table
  const cases: readonly (readonly [kernel: unknown, inputs: readonly Shape[], out: Shape])[] = [
    [product, [[2, 3], [3, 4]], [2, 5]],
    [product, [[2, 3], [3, 4]], [1]],
    [product, [[2, 3], [4, 5]], [2, 5]],
    [product, [[2, 3]], [2, 3]],
    [product, [], [2, 3]],
    [product, [[], []], []],
    [product, [[2, 2], [2, 2], [2, 2]], [2, 2]],
    [sameNumbers, [[4]], [3]],
    [sameNumbers, [[4]], [9]],
    [sameNumbers, [[4], [4]], [4]],
    [sameNumbers, [], [4]],
    [elementwise("add"), [[4]], [4]],
    [elementwise("add"), [[4], [3]], [4]],
    [elementwise("add"), [[2, 3], [3]], [3]],
    [elementwise("add"), [[2, 3], [3]], [9]],
    [elementwise("add"), [[4], [4], [4]], [4]],
    [elementwise("neg"), [[4], [4]], [4]],
    [elementwise("neg"), [[4]], [2, 2]],
    [elementwise("neg"), [[4]], [2]],
    [elementwise("neg"), [[4]], [40]],
    [elementwise("neg"), [], [4]],
    [elementwise("where"), [[4], [4], [4], [4]], [4]],
    [elementwise("neg", 1), [[4]], [4]],
    [elementwise("clamp"), [[4]], [4]],
    [elementwise("clamp", "low"), [[4]], [4]],
    [elementwise("clamp", "low", "hihg"), [[4]], [4]],
    [elementwise("clamp", "low", "constructor"), [[4]], [4]],
    [elementwise("clamp", "low", "text"), [[4]], [4]],
    [elementwise("clamp", "low", "nan"), [[4]], [4]],
    [elementwise("clamp", 0, Number.NaN), [[4]], [4]],
    [elementwise("clamp", 0, 1, 2), [[4]], [4]],
    [elementwise("sum"), [[4]], [4]],
    [elementwise("sgd"), [[4]], [4]],
    [elementwise("no such"), [[4]], [4]],
    [sum, [[2, 3]], [2]],
    [sum, [[2, 3]], []],
    [sum, [[2, 3]], [7]],
    [sum, [[]], []],
    [sum, [[2, 3], [3]], [3]],
    [sum, [], [3]],
    [{ layout: "reduction", instruction: "softmax" }, [[2, 3]], [3]],
    [softmax, [[2, 3]], [2]],
    [softmax, [[2, 3]], [3, 2]],
    [softmax, [[2, 3]], [20, 3]],
    [softmax, [[]], []],
    [softmax, [[2, 3], [2, 3]], [2, 3]],
    [softmax, [], [2, 3]],
    [{ layout: "rows", instruction: "sum" }, [[2, 3]], [2, 3]],
    [{ layout: "draw", instruction: "uniform", numbers: ["low", "high"] }, [], [4]], // without rng
    [{ layout: "draw", instruction: "bernoulli", numbers: ["nothing"] }, [], [4]],
    [{ layout: "no such", instruction: "neg" }, [[4]], [4]],
    [{}, [[4]], [4]],
  ];

  test.each(cases.map((one) => [JSON.stringify(one).replaceAll('"', ""), one] as const))(
    "%s",
    (_, [kernel, shapes, out]) => {
      const op = ownOp(kernel, out, shapes.length);
      const inputs = shapes.map((shape, i) => zeros(shape).add(i + 0.25));
      const size = out.reduce((product, length) => product * length, 1);
      const first = inputs.reduce((total, _, i) => total + i + 0.25, 100);
      for (const way of WAYS) {
        inWay(way, () => {
          const compiled = compile((...x: Tensor[]) => op(...x));
          for (let run = 0; run < 2; run++) {
            expect([...compiled(...inputs).data]).toEqual(Array.from({ length: size }, (_, i) => first + i));
          }
        });
      }
    },
  );

  test("a reduction without the param axes, a product without the param transposeY", () => {
    const one = ownOp(sum, [], 1, {});
    expect(compile((x: Tensor) => one(x))(tensor([0.25, 1])).item()).toBe(100.25);
    const two = ownOp(product, [], 2, {});
    expect(compile((x: Tensor) => two(x, x))(tensor([0.25, 1])).item()).toBe(100.5);
  });
});

describe("how many instructions a product of batches becomes:", () => {
  /** Addresses alone matter here: one array serves for all operands. */
  function countOf(x: Shape, y: Shape, out: Shape): number | undefined {
    const params = { transposeX: false, transposeY: false };
    const lowering = lowerOp({ layout: "product" }, [x, y], out, params);
    const array = new Float64Array(1);
    return lowering?.instructions([array, array], [array]).length;
  }

  // biome-ignore format: a table
  test.each<readonly [x: Shape, y: Shape, out: Shape, count: number | undefined]>([
    [[3, 4], [4, 2], [3, 2], 1],
    [[3], [3], [], 1],
    [[5, 3, 4], [5, 4, 2], [5, 3, 2], 1],
    [[5, 3, 4], [4, 2], [5, 3, 2], 1],
    [[3, 4], [5, 4, 2], [5, 3, 2], 1],
    [[7, 5, 3, 4], [7, 5, 4, 2], [7, 5, 3, 2], 1],
    [[7, 5, 3, 4], [4, 2], [7, 5, 3, 2], 1],
    [[7, 1, 3, 4], [5, 4, 2], [7, 5, 3, 2], 7], // each x meets all y
    [[7, 5, 3, 4], [5, 4, 2], [7, 5, 3, 2], 7],
    [[64, 1, 3, 4], [2, 4, 2], [64, 2, 3, 2], 64],
    [[65, 1, 3, 4], [2, 4, 2], [65, 2, 3, 2], undefined], // the loop
  ])("%j·%j", (x, y, out, count) => {
    expect(countOf(x, y, out)).toBe(count);
  });

  test("none for a batch without elements, however large", () => {
    const many = 2 ** 30;
    expect(countOf([many, 1, 3, 0], [many, 0, 0], [many, many, 3, 0])).toBeUndefined();
    expect(countOf([many, 1, 0, 4], [2, 4, 5], [many, 2, 0, 5])).toBeUndefined();
    const add = { layout: "elementwise", instruction: "add" } as const;
    expect(
      lowerOp(
        add,
        [
          [many, 1, 0],
          [many, 1],
        ],
        [many, many, 0],
        {},
      ),
    ).toBeNull();
  });
});
