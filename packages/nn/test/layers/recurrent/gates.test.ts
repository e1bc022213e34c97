import { backward, sigmoid, sum, tanh, tensor, variable } from "@gradus/core";
import { describeOps, type OpSamples, unarySamples } from "@gradus/core/testing";
import { describe, expect, test } from "vitest";
import { gate, squash } from "../../../src/layers/recurrent/gates.ts";

const samples: OpSamples<undefined> = { samples: unarySamples(), errors: [] };
describeOps({ sigmoid: gate, tanh: squash }, { sigmoid: samples, tanh: samples }, { describe, test });

const points = [-800, -40, -1, -0, 0, 1e-9, 0.5, 20, 40, 800, Number.NaN];

test("gates have the bits of core's ops", () => {
  expect([...gate(tensor(points)).data]).toEqual([...sigmoid(tensor(points)).data]);
  expect([...squash(tensor(points)).data]).toEqual([...tanh(tensor(points)).data]);
});

test("their gradients are those of core's ops but for 2e-16, and finite for every number", () => {
  const slopes = (f: typeof gate, x: number): number => {
    const at = variable(tensor([x]));
    return backward(sum(f(at)))
      .of(at)
      .item();
  };
  for (const x of points.slice(0, -1)) {
    expect(Math.abs(slopes(gate, x) - slopes(sigmoid, x))).toBeLessThan(2e-16);
    expect(Math.abs(slopes(squash, x) - slopes(tanh, x))).toBeLessThan(4e-16);
  }
});
