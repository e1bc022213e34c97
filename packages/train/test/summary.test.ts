import {
  ArgumentError,
  createRng,
  Parameter,
  ShapeError,
  selu,
  type Tensor,
  tensor,
  zeros,
} from "@gradus/core";
import { BatchNorm, Dense, Dropout, Flatten, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { summary } from "../src/summary.ts";
import { bitsOf, layerOf, smallNet } from "./support.ts";

const dense = (inputs: number, outputs: number) => new Dense(inputs, outputs, { rng: createRng(1) });

describe("summary", () => {
  test("is a table with all columns aligned", () => {
    const net = new Sequential(new Flatten(), dense(784, 128), new Dropout(0.2), dense(128, 10));
    expect(summary(net, [28, 28])).toBe(
      [
        "layer            output     parameters",
        "──────────────────────────────────────",
        "input            [n,28,28]           0",
        "Flatten()        [n,784]             0",
        "Dense(784, 128)  [n,128]       100,480",
        "Dropout(0.2)     [n,128]             0",
        "Dense(128, 10)   [n,10]          1,290",
        "──────────────────────────────────────",
        "total                          101,770",
        "              814,160 bytes as float64",
      ].join("\n"),
    );
  });

  test("has lines of equal length for names of any length", () => {
    for (const net of [smallNet(), new Sequential(dense(2, 1_234_567)), new Sequential()]) {
      const lines = summary(net, [2]).split("\n");
      expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
    }
    expect(summary(new Sequential(dense(2, 1_234_567)), [2])).toMatch(/total +3,703,701\n +29,629,608 bytes/);
  });

  test("counts shared parameters once", () => {
    const shared = dense(3, 3);
    const lines = summary(new Sequential(shared, new Sequential(shared), dense(3, 3)), [3]).split("\n");
    expect(lines.slice(3, 6).map((line) => line.trim().split(/\s+/).at(-1))).toEqual(["12", "0", "12"]);
    expect(lines[7]).toMatch(/^total +24$/);
  });

  test("lists the layers of nested Sequentials, and no buffers", () => {
    const net = new Sequential(new Sequential(dense(2, 3), new BatchNorm(3)), dense(3, 1));
    const lines = summary(net, [2]).split("\n");
    expect(lines.slice(3, 6).map((line) => line.split(/ {2,}/))).toEqual([
      ["Dense(2, 3)", "[n,3]", "9"],
      ["BatchNorm(3)", "[n,3]", "6"],
      ["Dense(3, 1)", "[n,1]", "4"],
    ]);
  });

  test("lists functions by their names", () => {
    const lines = summary(new Sequential(dense(2, 3), selu, dense(3, 1)), [2]).split("\n");
    expect(lines[4].split(/ {2,}/)).toEqual(["selu", "[n,3]", "0"]);
  });

  test("shows any other net as one row, with its toString or the name of its class", () => {
    class Twice {
      readonly inner = dense(2, 2);
      forward(x: Tensor): Tensor {
        return this.inner.forward(this.inner.forward(x));
      }
    }
    expect(summary(new Twice(), [2])).toMatch(/\nTwice +\[n,2\] +6\n/);
    class Residual extends Sequential {
      override forward(x: Tensor): Tensor {
        return super.forward(x).add(x);
      }
    }
    expect(
      summary(new Residual(dense(2, 2)), [2])
        .split("\n")
        .slice(3, 5),
    ).toEqual([expect.stringMatching(/^Residual|^Sequential\(/), expect.stringMatching(/^─+$/)]);
    expect(
      summary({ scale: new Parameter(tensor([1, 2])), forward: (x: Tensor) => x } as never, [2]),
    ).toMatch(/\nObject +\[n,2\] +2\n/);
  });

  test("writes n for the batch axis, and only for it", () => {
    expect(
      summary(
        layerOf((x) => x),
        [],
      ),
    ).toMatch("input   [n]  ");
    expect(
      summary(
        layerOf((x) => x),
        [1, 10],
      ),
    ).toMatch("[n,1,10]");
    expect(
      summary(
        layerOf(() => zeros([10, 3])),
        [2],
      ),
    ).toMatch(" [10,3] ");
  });

  test("changes nothing and draws nothing", () => {
    const net = smallNet();
    const before = bitsOf(net);
    expect(summary(net, [2])).toBe(summary(net, [2]));
    expect(bitsOf(net)).toEqual(before);
  });

  test("names the layer that does not fit the input", () => {
    const net = new Sequential(dense(2, 3), dense(4, 1));
    expect(() => summary(net, [2])).toThrow(ShapeError);
    expect(() => summary(net, [2])).toThrow(/Dense\(4, 1\).*\[1,3\]/);
    expect(() => summary(net, [5])).toThrow(/Dense\(2, 3\).*\[1,5\]/);
  });

  test("refuses values that are no net or shape, and a net that gives a scalar", () => {
    expect(() => summary({} as never, [2])).toThrow("summary: a net is an object with a forward method");
    for (const shape of [undefined, 2, [-1], [1.5], ["2"]]) {
      expect(() => summary(smallNet(), shape as never), String(shape)).toThrow(/summary/);
    }
    expect(() =>
      summary(
        layerOf((x) => x.sum()),
        [2],
      ),
    ).toThrow(ArgumentError);
  });
});
