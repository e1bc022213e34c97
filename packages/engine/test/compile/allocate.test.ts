import { ShapeError, type UpdateSpec, update, zeros } from "@gradus/core";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

test("R12: a plan that is too large is refused with its bytes, not with a RangeError", () => {
  const [tall, flat] = [zeros([1e6, 1]), zeros([1, 1e6])];
  const product = compile((x: typeof tall) => x.mul(flat));
  expect(() => product(tall)).toThrow(
    /^compile: shape \[\d+\] takes 80\d+ bytes: more than this machine gives/,
  );
  expect(() => product(tall)).toThrow(ShapeError);
  expect(product(zeros([1, 1])).shape).toEqual([1, 1e6]);
});

test("R12: the op with the largest result is named, with shapes and bytes, and nothing is written before", () => {
  const set: UpdateSpec<null> = {
    name: "set",
    run(_, [out]) {
      out[0] = 1;
    },
  };
  const [kept, flat] = [zeros([1]), zeros([1, 1e6])];
  const ops = {
    "mul([1000000,1], [1,1000000])": (x: typeof flat) => x.mul(flat),
    "matmul([1000000,1], [1,1000000])": (x: typeof flat) => x.matmul(flat),
    "oneHot([1000000])": (x: typeof flat) => x.reshape({ shape: [1e6] }).oneHot({ classes: 1e6 }),
    "broadcastTo([1000000,1])": (x: typeof flat) => x.broadcastTo({ shape: [1e6, 1e6] }),
  };
  for (const [name, op] of Object.entries(ops)) {
    const f = compile((x: typeof flat) => {
      update(set, [x.sum()], [kept], null);
      return op(x).sum();
    });
    expect(() => f(zeros([1e6, 1]))).toThrow(
      `; the largest result is that of ${name}, shape [1000000,1000000], 8000000000000 bytes`,
    );
    expect(kept.item()).toBe(0);
  }
});
