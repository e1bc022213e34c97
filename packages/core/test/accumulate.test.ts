import { describe, expect, test } from "vitest";
import { backward, Parameter, tensor, variable } from "../src/index.ts";

describe("gradients of several batches", () => {
  const w = new Parameter([1, 2]);
  const b = new Parameter([3]);
  const gradientsOf = (x: number[]) => backward(w.mul(tensor(x)).sum().mul(b.sum()));

  test("are added and scaled into new ones, which belong to the same parameters", () => {
    const [first, second] = [gradientsOf([1, 10]), gradientsOf([2, 5])];
    const mean = first.add(second).scale(0.5);
    expect(mean.of(w).toArray()).toEqual([4.5, 22.5]);
    expect(mean.of(b).toArray()).toEqual([(21 + 12) / 2]);
    expect([...mean.keys()]).toEqual([...first.keys()]);
    expect(first.of(w).toArray()).toEqual([3, 30]);
    expect(second.of(w).toArray()).toEqual([6, 15]);
  });

  test("can be differentiated if they were made so", () => {
    const x = variable(tensor(2));
    const g = backward(x.mul(x).mul(x), { differentiable: true }); // 3x²
    expect(backward(g.add(g).scale(0.5).of(x)).of(x).item()).toBe(12); // 6x
  });

  test("are not added to those of other parameters, or to what are none", () => {
    const alone = backward(w.sum());
    expect(() => alone.add(gradientsOf([1, 1]))).toThrow(
      "gradients.add: only one of the two has a gradient for the tensor of shape [1]; both losses must depend on the same parameters",
    );
    expect(() => gradientsOf([1, 1]).add(alone)).toThrow(
      "gradients.add: only one of the two has a gradient for the tensor of shape [1]",
    );
    expect(() => alone.add(tensor(1) as never)).toThrow(
      "gradients.add: needs the Gradients of a backward, got Tensor",
    );
    for (const factor of [Number.NaN, Number.POSITIVE_INFINITY, "2"]) {
      expect(() => alone.scale(factor as never)).toThrow("gradients.scale: the factor must be");
    }
  });
});
