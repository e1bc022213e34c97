import { backward, mul, Parameter, sum, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  Adam,
  AdamW,
  type Hyperparameters,
  Optimizer,
  type OptimizerRule,
  RMSprop,
  rate,
  SGD,
} from "../src/index.ts";
import { gradientsOf, messageOf, parameter } from "./support.ts";

describe("groups", () => {
  test("have hyperparameters of their own and the optimizer's for the rest", () => {
    const [w, b] = [parameter([1]), parameter([1])];
    const sgd = new SGD(
      [
        { parameters: [["w", w]], weightDecay: 0.5 },
        { parameters: [["b", b]], learningRate: (step) => (step === 0 ? 0.2 : 0) },
      ],
      { learningRate: 0.1 },
    );
    expect(sgd.learningRates).toEqual([0.1, 0.2]);
    expect(sgd.learningRate).toBe(0.1);
    sgd.step(gradientsOf([w, b], [[1], [1]]));
    expect([w.data[0], b.data[0]]).toEqual([1 - 0.1 * 1.5, 1 - 0.2]);
    expect(sgd.learningRates).toEqual([0.1, 0]);
  });

  test("without hyperparameters give the same bits as no groups", () => {
    const make = (grouped: boolean) => {
      const [w, b] = [parameter([1, 2]), parameter([3])];
      const pairs = [
        ["w", w],
        ["b", b],
      ] as const;
      const adam = new Adam(grouped ? pairs.map((pair) => ({ parameters: [pair] })) : pairs);
      for (let i = 1; i < 5; i++) adam.step(gradientsOf([w, b], [[i, -i], [0.1]]));
      return [...w.data, ...b.data];
    };
    expect(make(true)).toEqual(make(false));
  });
});

test("an optimizer has its parameters in order, group after group", () => {
  const [w, b, c] = [parameter([1]), parameter([2]), parameter([3])];
  const groups = [
    {
      parameters: [
        ["c", c],
        ["w", w],
      ] as const,
    },
    { parameters: [["b", b]] as const },
  ];
  const { parameters } = new SGD(groups);
  expect(parameters).toHaveLength(3);
  [c, w, b].forEach((x, i) => {
    expect(parameters[i]).toBe(x);
  });
});

describe("the coefficients of a rule", () => {
  const base: Hyperparameters = { learningRate: 0.5, weightDecay: 0, decoupledWeightDecay: false };
  const make = (coefficients: NonNullable<OptimizerRule<Hyperparameters>["coefficients"]>) => {
    const seen: number[][] = [];
    const rule: OptimizerRule<Hyperparameters> = {
      name: "Probe",
      defaults: { torch: base, keras: base },
      ranges: { learningRate: rate },
      slots: () => ["s"],
      coefficients,
      update: (x, _g, { s }, _h, numbers) => {
        seen.push([...numbers]);
        x[0]++;
        s[0]++;
      },
    };
    const [x, y, z] = [parameter([0]), parameter([0]), parameter([0])];
    const optimizer = new Optimizer(rule, [
      {
        parameters: [
          ["x", x],
          ["y", y],
        ],
      },
      { parameters: [["z", z]], learningRate: (step) => step + 10 },
    ]);
    return { optimizer, seen, x, step: () => optimizer.step(gradientsOf([x, y, z], [[1], [1], [1]])) };
  };

  test("are computed once per step and group, after one call beforehand", () => {
    const asked: number[][] = [];
    const { seen, step } = make((_h, t, rate) => {
      asked.push([t, rate]);
      return [100 * t, rate];
    });
    step();
    step();
    expect(asked).toEqual([
      [1, 0],
      [1, 0],
      [1, 0.5],
      [1, 10],
      [2, 0.5],
      [2, 11],
    ]);
    expect(seen).toEqual([
      [100, 0.5],
      [100, 0.5],
      [100, 10],
      [200, 0.5],
      [200, 0.5],
      [200, 11],
    ]);
  });

  test("are refused before anything is written if their count is not that of step 1", () => {
    const { optimizer, seen, x, step } = make((_h, t) => Array<number>(t).fill(7));
    step();
    const before = optimizer.state();
    expect(messageOf(step)).toBe(
      "ArgumentError: probe.step: the rule gave 2 coefficients for step 2, 1 for step 1",
    );
    expect(optimizer.state()).toEqual(before);
    expect(before.slots.x.s).toEqual(Float64Array.of(1));
    expect([seen.length, x.data[0], optimizer.stepCount]).toEqual([3, 1, 1]);
  });
});

test("a rule of a user has clipping, decay, groups and state", () => {
  const base: Hyperparameters = { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false };
  const signDescent: OptimizerRule<Hyperparameters> = {
    name: "SignDescent",
    defaults: { torch: base, keras: base },
    ranges: { learningRate: rate },
    slots: () => [],
    update: (x, g, _slots, _h, [learningRate]) => {
      for (let i = 0; i < x.length; i++) x[i] -= learningRate * Math.sign(g[i]);
    },
  };
  const x = new Parameter([1, 1]);
  const optimizer = new Optimizer(signDescent, [["x", x]], { learningRate: 0.5 });
  optimizer.step(backward(sum(mul(x, tensor([3, -7])))));
  expect(x.toArray()).toEqual([0.5, 1.5]);
  expect(messageOf(() => new Optimizer(signDescent, [["x", x]], { weightDecay: 1 }))).toMatch(
    /SignDescent: unknown option "weightDecay"; it takes \{ learningRate, preset, clip \}/,
  );
});

test("all four optimizers are exported with their names in their errors", () => {
  for (const [name, make] of Object.entries({ SGD, Adam, AdamW, RMSprop })) {
    expect(messageOf(() => new make([]))).toMatch(new RegExp(`^ArgumentError: ${name}: `));
  }
});

test("K10: an optimizer is not copied without a word", async () => {
  const sgd = new SGD([["x", new Parameter([1])]], { learningRate: 0.1, momentum: 0.9 });
  expect(() => structuredClone(sgd)).toThrow(/an optimizer \(send its state\(\) to restore\)/);
  expect(() => JSON.stringify({ sgd })).toThrow(
    /sgd\.toJSON: an optimizer has tensors inside; state\(\) gives them/,
  );
  expect("step" in { ...sgd }).toBe(false); // so nothing trains with the copy
});
