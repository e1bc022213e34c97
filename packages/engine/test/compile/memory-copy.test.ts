import { Parameter, tensor, type UpdateSpec, update } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { simdSupported, useSimd } from "../../src/wasm/wasm.ts";

const double: UpdateSpec = {
  name: "double",
  run: (_, [x]) => {
    for (let i = 0; i < x.length; i++) x[i] *= 2;
  },
};

describe("K18: a direct write to the data of a tensor", () => {
  for (const size of [3, 100]) {
    for (const simd of [false, simdSupported()]) {
      const make = () => {
        useSimd(simd);
        const w = tensor(new Array<number>(size).fill(1));
        const step = compile(() => {
          update(double, [], [w], undefined);
          return w.sum();
        });
        return { w, step };
      };

      test(`counts in the next run: ${size} elements, SIMD ${simd}`, () => {
        const { w, step } = make();
        expect(step().item()).toBe(2 * size);
        w.data[0] = 10;
        expect(step().item()).toBe(4 * (size - 1) + 20);
        w.data.fill(0);
        expect(step().item()).toBe(0);
      });

      test(`counts for a tensor that no run changes: ${size} elements, SIMD ${simd}`, () => {
        const { w } = make();
        const sum = compile(() => w.sum());
        expect(sum().item()).toBe(size);
        w.data[0] = 10;
        expect(sum().item()).toBe(size + 9);
      });

      test(`is lost with an error, if the array was kept from before: ${size} elements, SIMD ${simd}`, () => {
        const { w, step } = make();
        const kept = w.data;
        step();
        kept[1] = 10;
        if (simd) {
          expect(kept[0]).toBeNaN();
          expect(() => w.data).toThrow(/was written to directly, at 1, by somebody who kept the array/);
        } else expect([...w.data.slice(0, 2)]).toEqual([2, 10]);
      });

      test(`a kept array is right again after a read: ${size} elements, SIMD ${simd}`, () => {
        const { w, step } = make();
        const kept = w.data;
        step();
        w.data;
        expect(kept[0]).toBe(2);
        kept[0] = 5;
        step();
        expect(w.data[0]).toBe(10);
      });
    }
  }
  test("a parameter is a tensor too", () => {
    const w = new Parameter([1]);
    const f = compile(() => w.mul(2));
    f();
    w.data[0] = 3;
    expect(f().item()).toBe(6);
  });
});
