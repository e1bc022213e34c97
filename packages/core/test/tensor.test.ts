import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Parameter, type Shape, Tensor, tensor, variable, zeros } from "../src/index.ts";

describe("tensor", () => {
  test("takes nested arrays, numbers and typed arrays", () => {
    expect(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]).shape,
    ).toEqual([2, 3]);
    expect(tensor(5).shape).toEqual([]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor(Uint8Array.of(1, 255)).toArray()).toEqual([1, 255]);
    expect(tensor([1, 2, 3, 4], [2, 2]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("copies what it is given", () => {
    const source = Float64Array.of(1, 2);
    const x = tensor(source);
    source[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  test("keeps -0, NaN and infinities", () => {
    const values = [-0, Number.NaN, Number.POSITIVE_INFINITY];
    expect([...tensor(values).data].map((value, i) => Object.is(value, values[i]))).toEqual([
      true,
      true,
      true,
    ]);
  });

  const ragged: [unknown, RegExp][] = [
    [[[1, 2], [3]], /ragged array: \[1\] has 1 elements where others have 2/],
    [[[1], 2], /ragged array: \[1\] has 2 where others have 1/],
    [[1, [2]], /found an array at \[1\] where other rows have a number/],
    [["1"], /"1" at \[0\] is not a number/],
    [[1n], /1n at \[0\] is not a number/],
    [[null], /null at \[0\] is not a number/],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    [[1, , 3], /undefined at \[1\] is not a number/],
    ["abc", /"abc" at the top is not a number/],
    [undefined, /undefined at the top is not a number/],
    [BigInt64Array.of(1n), /1n at \[0\] is not a number/],
    [[Float32Array.of(1, 2)], /Float32Array at \[0\] is not a number/],
    [new DataView(new ArrayBuffer(8)), /a DataView does not hold numbers/],
  ];
  test.each(ragged)("refuses %o", (values, message) => {
    expect(() => tensor(values as number[])).toThrow(message);
  });

  test("refuses a shape that does not hold the values", () => {
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow(
      "tensor: shape [2,2] holds 4 elements, but 3 values were given",
    );
    expect(() => tensor([1], [-1] as Shape)).toThrow(/size -1 at axis 0/);
  });
});

describe("Tensor", () => {
  test("item is the one number of one element, whatever the rank", () => {
    expect(tensor([[7]]).item()).toBe(7);
    expect(() => tensor([1, 2]).item()).toThrow("item([2]): only a tensor of one element has an item");
    expect(() => tensor([]).item()).toThrow(/item\(\[0\]\)/);
  });

  test("assign overwrites in place and checks before it writes", () => {
    const x = zeros([3]);
    x.assign([1, 2, 3]);
    expect(x.toArray()).toEqual([1, 2, 3]);
    expect(() => x.assign([1])).toThrow("assign([3]): needs 3 values, got 1");
    expect(() => x.assign([4, 5, "6"] as unknown as number[])).toThrow(/"6" at \[2\] is not a number/);
    expect(x.toArray()).toEqual([1, 2, 3]);
  });

  test("a Parameter owns a copy, is tracked, and so is a variable; a constant is not", () => {
    const x = tensor([1, 2]);
    const p = new Parameter(x);
    p.assign([5, 6]);
    expect(x.toArray()).toEqual([1, 2]);
    expect([p.tracked, variable(x).tracked, x.tracked, p.detach().tracked]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(p.detach().data).toBe(p.data);
  });

  test("prints as NumPy does", () => {
    expect(String(tensor(1.5))).toBe("1.5");
    expect(String(tensor([]))).toBe("[]");
    expect(
      String(
        tensor([
          [1, -2],
          [3, 40],
        ]),
      ),
    ).toBe("[[ 1, -2],\n [ 3, 40]]");
    expect(String(tensor([0.5, 0.25, -1]))).toBe("[ 0.50,  0.25, -1.00]");
    expect(String(tensor([1e-10, 1]))).toBe("[1e-10,  1e+0]");
    expect(String(tensor([Number.NaN, Number.NEGATIVE_INFINITY, 1]))).toBe("[ nan, -inf,    1]");
    expect(String(zeros([2, 1, 2]))).toBe("[[[0, 0]],\n\n [[0, 0]]]");
    expect(
      inspect(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toBe("tensor([[1, 2],\n        [3, 4]], shape=[2,2])");
    expect(inspect(new Parameter([1]))).toBe("parameter([1], shape=[1])");
  });

  test("abbreviates long axes", () => {
    expect(
      String(
        new Tensor(
          Float64Array.from({ length: 2000 }, (_, i) => i),
          [2000],
        ),
      ),
    ).toBe("[   0,    1,    2, ..., 1997, 1998, 1999]");
    expect(String(zeros([1000, 1000])).split("\n")).toHaveLength(7);
  });
});
