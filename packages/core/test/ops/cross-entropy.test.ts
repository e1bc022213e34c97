import { describe, expect, test } from "vitest";
import { backward, bceWithLogits, crossEntropy, klDiv, nll, tensor, variable } from "../../src/index.ts";

const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;

describe("K2: a weight of 0 times an infinite loss is 0", () => {
  test("in the cross entropy with probabilities: a target of 0", () => {
    const logits = variable(tensor([[-INF, 0]]));
    const loss = crossEntropy(logits, tensor([[0, 1]]));
    expect(loss.item()).toBe(0);
    expect(backward(loss).of(logits).toArray()).toEqual([[0, 0]]);
    expect(crossEntropy(tensor([[-INF, 1, 1]]), tensor([[0, 0.5, 0.5]])).item()).toBe(Math.LN2);
    expect(crossEntropy(tensor([[-INF, 0]]), tensor([[0.25, 0.75]])).item()).toBe(INF);
  });

  test("in the cross entropy with class indices: a class weight of 0, an ignored target", () => {
    const logits = variable(
      tensor([
        [-INF, 0],
        [0, 0],
      ]),
    );
    for (const loss of [
      crossEntropy(logits, tensor([0, 1]), { classWeights: [0, 1] }),
      crossEntropy(logits, tensor([-100, 1])),
      crossEntropy(logits, tensor([0, 1]), {
        classWeights: [0, 1],
        labelSmoothing: 0.5,
        reduction: "sum",
      }).mul(4 / 3), // (½ + ¼)·ln 2
    ]) {
      expect(loss.item()).toBeCloseTo(Math.LN2, 15);
      expect(backward(loss).of(logits).data.every(Number.isFinite)).toBe(true);
    }
    const lone = nll(tensor([[-INF, -1]]), tensor([0]), { classWeights: [0, 1], reduction: "sum" });
    expect(lone.item()).toBe(0);
  });

  test("in the cross entropy with label smoothing: 1 − ε = 0", () => {
    // Only the second class has a weight, and its loss, −½·ln 1, is 0.
    const loss = crossEntropy(tensor([[-INF, 0]]), tensor([0]), {
      labelSmoothing: 1,
      classWeights: [0, 1],
      reduction: "sum",
    });
    expect(loss.item()).toBe(0);
  });

  test("in the binary cross entropy: a target of 0 or 1, a weight of 0", () => {
    for (const [logit, target] of [
      [-INF, 0],
      [INF, 1],
    ]) {
      const x = variable(tensor([logit]));
      const loss = bceWithLogits(x, tensor([target]));
      expect(loss.item()).toBe(0);
      expect(backward(loss).of(x).toArray()).toEqual([0]);
    }
    expect(bceWithLogits(tensor([-INF]), tensor([1]), { positiveWeight: 0 }).item()).toBe(0);
    expect(bceWithLogits(tensor([-INF]), tensor([1])).item()).toBe(INF);
  });

  test("in the divergence: a target of 0, also given as its logarithm", () => {
    const x = variable(tensor([-INF, 0]));
    const loss = klDiv(x, tensor([0, 1]), { reduction: "sum" });
    expect(loss.item()).toBe(0);
    expect(backward(loss).of(x).toArray()).toEqual([-0, -1]);
    const target = variable(tensor([-INF, 0]));
    const log = klDiv(x, target, { logTarget: true, reduction: "sum" });
    expect(log.item()).toBe(0);
    expect(backward(log).of(x).toArray()).toEqual([-0, -1]);
    expect(backward(log).of(target).toArray()).toEqual([0, 1]);
    expect(klDiv(tensor([-INF]), tensor([0.5])).item()).toBe(INF);
  });

  test("a NaN of weight 0 does not count either", () => {
    expect(klDiv(tensor([NAN, 0]), tensor([0, 1]), { reduction: "sum" }).item()).toBe(0);
  });
});
