import { tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset, minMax, scale, standardize } from "../src/index.ts";

describe("U11: a function that makes a transform, given as one, is refused with the call:", () => {
  const dataset = new Dataset({ inputs: tensor([[1], [2]]), targets: tensor([[1], [2]]) });
  test.each([
    ["standardize", standardize, "standardize(dataset)"],
    ["minMax", minMax, "minMax(dataset)"],
    ["scale", scale, "scale(1 / 255)"],
  ])("%s", (name, transform, call) => {
    expect(() => dataset.with({ transform: transform as never }).all()).toThrow(
      `${name}: it makes a transform, and got the values themselves; call it: ${call}`,
    );
  });
});
