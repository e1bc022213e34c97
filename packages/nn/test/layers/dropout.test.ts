import { ArgumentError, createRng, full } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dropout } from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectMoments } from "../support.ts";

describe("Dropout", () => {
  test.each([0.1, 0.3, 0.8])("has the mean of evaluation in training, p = %d", (p) => {
    const x = full([200000], 1.5);
    const layer = new Dropout(p);
    expect(layer.forward(x)).toBe(x);
    const trained = layer.forward(x, { train: true, rng: createRng(0) });
    expectMoments(trained, 1.5, (1.5 * 1.5 * p) / (1 - p));
  });

  test("draws another mask at every step, and the same masks for the same seed", () => {
    const x = full([100], 1);
    const layer = new Dropout(0.5);
    const [rng, again] = [createRng(0), createRng(0)];
    const steps = [1, 2].map(() => layer.forward(x, { train: true, rng }).data);
    expect(steps[0]).not.toEqual(steps[1]);
    expect([1, 2].map(() => layer.forward(x, { train: true, rng: again }).data)).toEqual(steps);
  });

  test("passes the gradient checks in both modes", () => {
    checkLayer(new Dropout(0.4), [awayFromKinks([3, 4])]);
    checkLayer(new Dropout(0.4), [awayFromKinks([3, 4])], true);
  });

  test("refuses probabilities outside [0, 1], and has its options in its text", () => {
    for (const p of [-0.1, 1.1, Number.NaN, "0.5" as unknown as number, undefined as unknown as number]) {
      expect(() => new Dropout(p)).toThrow(ArgumentError);
    }
    expect(() => new Dropout(1.1)).toThrow("Dropout: p must be in [0, 1], got 1.1");
    expect(String(new Dropout(0.25))).toBe("Dropout(0.25)");
  });
});
