import { ArgumentError, Parameter, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import * as optim from "../src/index.ts";

describe("a rate that is assigned, as in PyTorch and Keras, is refused, because nothing would change", () => {
  const classes = Object.entries(optim).filter(
    ([, value]) => (value as { prototype?: unknown }).prototype instanceof optim.Optimizer,
  );
  test("in every optimizer", () => expect(classes.map(([name]) => name)).toContain("Adam"));

  test.each(classes)("%s", (name, made) => {
    const Made = made as typeof optim.SGD;
    const optimizer = new Made([["x", new Parameter(tensor([1]))]], { learningRate: 0.25 });
    for (const field of ["lr", "learning_rate", "learningRate", "param_groups"]) {
      const assign = (): unknown => Object.assign(optimizer, { [field]: 0.5 });
      expect(assign).toThrow(ArgumentError);
      expect(assign).toThrow(
        `${field} of an optimizer cannot be assigned, got 0.5: a rate that changes is a schedule`,
      );
    }
    expect(optimizer.learningRate).toBe(0.25);
    expect(() => Object.assign(optimizer, { weightDecay: 0.5 })).toThrow(
      `weightDecay of an optimizer (${name}) cannot be assigned, got 0.5: make a new optimizer with this option`,
    );
    expect((optimizer as unknown as { weightDecay: number }).weightDecay).toBe(
      optimizer.settings.groups[0].weightDecay,
    );
  });
});
