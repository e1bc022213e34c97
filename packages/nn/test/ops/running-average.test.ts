import { ones, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { runningAverage } from "../../src/index.ts";
import { expectAllClose } from "../support.ts";

describe("runningAverage", () => {
  test("moves the average on in place, and returns it", () => {
    const into = tensor([1, 10]);
    const out = runningAverage(tensor([2, 30]), { into, momentum: 0.25, factor: 2 });
    expectAllClose(into, [0.75 * 1 + 0.25 * 4, 0.75 * 10 + 0.25 * 60]);
    expect(out.data).toEqual(into.data);
    runningAverage(tensor([0, 0]), { into, momentum: 1 });
    expect(into.toArray()).toEqual([0, 0]);
  });

  test("lets no gradient through", () => {
    const x = variable(ones([1]));
    expect(runningAverage(x, { into: tensor([1]), momentum: 0.5 }).tracked).toBe(false);
  });

  test("writes nothing when it refuses", () => {
    const into = tensor([1, 10]);
    expect(() => runningAverage(tensor([1]), { into, momentum: 0.5 })).toThrow(/shape \[2\]/);
    expect(() => runningAverage(tensor([1, 2]), { into, momentum: 2 })).toThrow(/momentum/);
    expect(into.toArray()).toEqual([1, 10]);
  });
});
