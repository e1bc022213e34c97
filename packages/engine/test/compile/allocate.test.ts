import { ShapeError, zeros } from "@gradus/core";
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
