import {
  backward,
  broadcastTo,
  flip,
  mul,
  pad,
  permute,
  type Shape,
  slice,
  sum,
  Tensor,
  transpose,
  variable,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile, simdSupported, threads } from "../../src/index.ts";
import { inWay, WAYS } from "../ways.ts";
import { expectSameBits, numbers } from "./shares.ts";

function awkward(shape: Shape): Tensor {
  return new Tensor(
    numbers(
      shape.reduce((size, length) => size * length, 1),
      3,
      3,
    ),
    shape,
  );
}

/** The gradient of an op with a cotangent of special numbers, so that its adjoint (`place`, a permutation) meets them. */
function adjoint(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const leaf = variable(x);
    const y = f(leaf);
    return backward(y, {
      cotangent: slice(x.reshape({ shape: [-1] }), { axis: 0, end: y.size }).reshape({ shape: y.shape }),
    }).of(leaf);
  };
}

const select =
  (axis: number, start?: number, end?: number, step = 1) =>
  (x: Tensor) =>
    slice(x, { axis, start, end, step } as never);

// biome-ignore format: a table
const cases: readonly (readonly [name: string, shape: Shape, f: (x: Tensor) => Tensor, by?: string])[] = [
  ["permute", [3, 5, 2, 7], (x) => permute(x, { axes: [0, 2, 1, 3] })],
  ["permute", [3, 5, 2, 7], (x) => permute(x, { axes: [3, 1, 0, 2] })],
  ["permute", [16, 32, 4, 16], (x) => permute(x, { axes: [0, 2, 1, 3] })],
  ["permute", [16, 4, 32, 16], (x) => permute(x, { axes: [0, 2, 1, 3] })],
  ["permute", [50, 40, 4, 16], (x) => permute(x, { axes: [0, 2, 1, 3] })], // 200 pieces of 640 elements
  ["permute", [9, 9, 9, 2], (x) => permute(x, { axes: [2, 1, 0, 3] }), "loop"], // 81 pieces of 18 elements
  ["permute", [70, 2, 80, 2], (x) => permute(x, { axes: [1, 0, 3, 2] })],
  ["permute", [1, 4, 1], (x) => permute(x, { axes: [2, 0, 1] })],
  ["permute", [1, 1], (x) => permute(x, { axes: [1, 0] })],
  ["permute", [], (x) => permute(x, { axes: [] })],
  ["permute", [2, 0, 3], (x) => permute(x, { axes: [2, 0, 1] }), "loop"],
  ["permute", [129, 65], (x) => transpose(x)],
  ["slice", [7, 5], select(0, 2, 5)],
  ["slice", [7, 5], select(1, 2, 5)],
  ["slice", [7, 5], select(1, 0, 5, 2)],
  ["slice", [7, 5], select(0, 1, 7, 3)],
  ["slice", [4, 33, 65], select(1, 32)],
  ["slice", [4, 33, 65], select(2, -1)],
  ["slice", [64, 192], select(1, 64, 128)],
  ["slice", [9], select(0, 3, 3), "loop"],
  ["flip", [4, 5, 6], (x) => flip(x, { axes: 1 })],
  ["flip", [4, 5, 6], (x) => flip(x, { axes: [0, 2] })],
  ["flip", [4001], (x) => flip(x, { axes: 0 })],
  ["place", [4, 5], (x) => pad(x, { widths: [[1, 2], [0, 3]] })],
  ["place", [64, 64], (x) => pad(x, { widths: [[0, 0], [64, 64]] })],
  ["place", [], (x) => pad(x, { widths: [] })],
  ["place", [0, 2], (x) => pad(x, { widths: [[1, 0], [1, 1]] })],
  ["place", [4, 5], (x) => pad(x, { widths: [[1, 2], [0, 3]], value: -0 }), "loop"],
  ["place", [4, 5], (x) => pad(x, { widths: [[1, 2], [0, 3]], value: Number.NaN }), "loop"],
  ["place", [4, 5], (x) => pad(x, { widths: [[1, 2], [0, 3]], value: 2 }), "loop"],
  ["place", [7, 5], adjoint(select(1, 2, 5))],
  ["place", [7, 5], adjoint(select(0, 0, 7, 2))],
  ["place", [7, 5], adjoint(select(1, 0, 5, 2)), "loop"], // columns of the result lie apart
  ["permute", [3, 5, 2, 7], adjoint((x) => permute(x, { axes: [3, 1, 0, 2] }))],
  ["broadcastTo", [3, 1, 5], (x) => broadcastTo(x, { shape: [4, 3, 6, 5] })],
];

describe("elements that lie apart are copied with the bits of the loop:", () => {
  test.each(cases.map((one, i) => [i, ...one] as const))(
    "%i, %s of %j",
    (_, name, shape, f, by = "engine") => {
      const x = awkward(shape);
      const expected = f(x);
      for (const way of WAYS) {
        inWay(way, () => {
          const compiled = compile(f);
          for (let run = 0; run < 2; run++) {
            const found = compiled(x);
            expect(found.shape).toEqual(expected.shape);
            expectSameBits(found.data, expected.data, `${name}, ${way}`);
          }
        });
      }
      const compiled = compile(f);
      compiled(x);
      expect(compiled.profile(x).find((step) => step.name === name)?.by ?? "none").toBe(
        simdSupported() ? by : "loop",
      );
    },
  );

  test("on several threads", async () => {
    await threads(3);
    try {
      for (const [name, shape, f] of cases) {
        const x = awkward(shape);
        expectSameBits(compile(f)(x).data, f(x).data, `${name} of [${shape}]`);
      }
    } finally {
      await threads(1);
    }
  });

  test("a result does not overwrite the input that it reads in another order", () => {
    const f = (x: Tensor): Tensor => {
      const doubled = mul(x, 2); // read for the last time by the permutation: of the same size
      return sum(permute(doubled, { axes: [1, 0] }), { axes: 0 });
    };
    const x = awkward([33, 65]);
    expectSameBits(compile(f)(x).data, f(x).data, "sum of a permutation");
  });
});
