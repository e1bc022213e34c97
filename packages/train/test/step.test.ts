import { createRng, type Tensor, tensor, update, zeros } from "@gradus/core";
import { compile } from "@gradus/engine";
import { expect, test } from "vitest";
import { findNonFinite } from "../src/step.ts";

test("what is not finite is found by the loop and by the kernel, and forgotten for the next numbers", () => {
  const found = (x: Tensor): Tensor => {
    const flag = zeros([1]);
    update(findNonFinite, [x], [flag], undefined);
    return flag.add(0);
  };
  const compiled = compile(found);
  for (const n of [1, 2, 5, 9000]) {
    const finite = createRng(n).normal([n]);
    expect(found(finite).item()).toBe(0);
    expect(compiled(finite).item()).toBe(0);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const x = tensor(finite.data.map((value, i) => (i === n - 1 ? bad : value)));
      expect(found(x).item()).toBeNaN();
      expect(compiled(x).item()).toBeNaN();
      expect(compiled(finite).item()).toBe(0);
    }
  }
});
