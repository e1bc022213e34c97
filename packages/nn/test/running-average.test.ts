import { ones, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { runningAverage } from "../src/index.ts";
import { expectAllClose } from "./support.ts";

describe("runningAverage", () => {
  test("updates the average in place", () => {
    const into = tensor([1, 10]);
    runningAverage(tensor([2, 30]), { into, momentum: 0.25, factor: 2 });
    expectAllClose(into, [0.75 * 1 + 0.25 * 4, 0.75 * 10 + 0.25 * 60]);
    runningAverage(tensor([0, 0]), { into, momentum: 1 });
    expect(into.toArray()).toEqual([0, 0]);
  });

  test("raises the version of the average", () => {
    const into = ones([1]);
    const x = into.mul(2);
    runningAverage(x, { into, momentum: 0.5 });
    expect(into.toArray()).toEqual([1.5]);
    expect(into.storage.version).toBe(1);
  });

  test("writes nothing when it refuses", () => {
    const into = tensor([1, 10]);
    const refused: [Parameters<typeof runningAverage>, RegExp][] = [
      [
        [tensor([1]), { into, momentum: 0.5 }],
        /runningAverage: the average has shape \[2\], the new value \[1\]/,
      ],
      [[tensor([1, 2]), { into, momentum: 2 }], /momentum must be in \[0, 1\], got 2/],
      [[tensor([1, 2]), { into, momentum: Number.NaN }], /momentum .* got NaN/],
      [
        [tensor([1, 2]), { into, momentum: 0.1, factor: Number.POSITIVE_INFINITY }],
        /factor must be a finite number/,
      ],
      [[tensor([1, 2]), { into: 1 as unknown as Tensor, momentum: 0.1 }], /into must be a tensor, got 1/],
    ];
    for (const [args, message] of refused) expect(() => runningAverage(...args)).toThrow(message);
    expect(into.toArray()).toEqual([1, 10]);
  });
});
