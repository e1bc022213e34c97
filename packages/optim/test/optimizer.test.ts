import { backward, type Gradients, mul, Parameter, square, sum, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  Adam,
  AdamW,
  type GradientSource,
  type Hyperparameters,
  Optimizer,
  type OptimizerRule,
  RMSprop,
  rate,
  SGD,
} from "../src/index.ts";
import { CONSTRUCTORS, gradientsOf, messageOf, parameter, VARIANTS } from "./support.ts";

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

describe("a step", () => {
  const make = (options: object = {}) => {
    const w = parameter([1, 2]);
    const b = parameter(Array<number>(10).fill(0));
    const pairs = [
      ["layers.2.weight", w],
      ["layers.2.bias", b],
    ] as const;
    return { w, b, adam: new Adam(pairs, options), zeros: Array<number>(10).fill(0) };
  };
  const expectUntouched = ({ w, adam }: ReturnType<typeof make>) => {
    expect([...w.data]).toEqual([1, 2]);
    expect(adam.stepCount).toBe(0);
    expect(
      Object.values(adam.state().slots)
        .flatMap(({ m, v }) => [...m, ...v])
        .every((s) => s === 0),
    ).toBe(true);
  };

  test("takes the gradients of backward and tells the graph that the weights changed", () => {
    const x = parameter([3]);
    const loss = sum(square(x));
    const gradients: Gradients = backward(loss);
    new SGD([["x", x]], { learningRate: 0.5 }).step(gradients);
    expect(x.data[0]).toBe(0);
    expect(() => backward(loss)).toThrow(/changed in place/);
  });

  test("refuses a parameter without a gradient, by name, before anything is written", () => {
    const net = make();
    expect(messageOf(() => net.adam.step(gradientsOf([net.w], [[1, 1]])))).toBe(
      'GradientError: adam.step: no gradient for "layers.2.bias" [10]; is it part of the loss?',
    );
    expect(messageOf(() => net.adam.step(new Map()))).toBe(
      'GradientError: adam.step: no gradient for "layers.2.weight" [2], "layers.2.bias" [10]; are they part of the loss?',
    );
    expectUntouched(net);
  });

  test("refuses a gradient of another shape before anything is written", () => {
    const net = make();
    const gradients = gradientsOf([net.w, net.b], [[1, 1], net.zeros]);
    gradients.set(net.b, tensor([[1, 2]]));
    expect(messageOf(() => net.adam.step(gradients))).toBe(
      'ShapeError: adam.step: the gradient of "layers.2.bias" has shape [1,2], the parameter [10]',
    );
    expectUntouched(net);
  });

  test("refuses a gradient that is no tensor", () => {
    const net = make();
    const gradients = { get: () => [1, 2] } as unknown as GradientSource;
    expect(messageOf(() => net.adam.step(gradients))).toBe(
      'ArgumentError: adam.step: the gradient of "layers.2.weight" is no tensor but [1,2]',
    );
  });

  test("refuses the loss instead of its gradients, with a hint", () => {
    const { adam } = make();
    expect(messageOf(() => adam.step(tensor(1) as unknown as GradientSource))).toBe(
      "ArgumentError: adam.step: needs Gradients, got Tensor; did you mean backward(loss)?",
    );
    expect(messageOf(() => adam.step(undefined as unknown as GradientSource))).toMatch(
      /needs Gradients, got undefined$/,
    );
  });

  test.each([Number.NaN, Infinity, -0.1, "1", undefined])(
    "with a schedule that gives %s is refused before anything is written",
    (rate) => {
      const net = make({ learningRate: () => rate });
      const step = () => net.adam.step(gradientsOf([net.w, net.b], [[1, 1], net.zeros]));
      expect(messageOf(step)).toMatch(
        /^ArgumentError: adam\.step: the learning rate of step 0 must be a finite number ≥ 0, got /,
      );
      expectUntouched(net);
    },
  );

  test("changes no group if the schedule of another throws", () => {
    const [w, b] = [parameter([1]), parameter([2])];
    const sgd = new SGD(
      [
        { parameters: [["w", w]] },
        {
          parameters: [["b", b]],
          learningRate: () => {
            throw new Error("no rate");
          },
        },
      ],
      { momentum: 0.9, weightDecay: 0.1, decoupledWeightDecay: true },
    );
    const before = sgd.state();
    expect(messageOf(() => sgd.step(gradientsOf([w, b], [[1], [1]])))).toBe("Error: no rate");
    expect([w.data[0], b.data[0]]).toEqual([1, 2]);
    expect(sgd.state()).toEqual(before);
  });

  test("asks its schedule with the number of steps made so far", () => {
    const asked: number[] = [];
    const x = parameter([1]);
    const learningRate = (step: number): number => {
      asked.push(step);
      return 0.1;
    };
    const sgd = new SGD([["x", x]], { learningRate });
    for (let i = 0; i < 3; i++) sgd.step(gradientsOf([x], [[1]]));
    expect(asked).toEqual([0, 1, 2]);
    expect(sgd.stepCount).toBe(3);
  });

  test("does not change the gradients, with or without clipping and decay", () => {
    for (const [, name, options] of VARIANTS) {
      const x = parameter([1, 2]);
      const gradients = gradientsOf([x], [[3, -4]]);
      const optimizer = new CONSTRUCTORS[name]([["x", x]], {
        clip: { norm: 1 },
        ...options,
        weightDecay: 0.1,
      });
      optimizer.step(gradients);
      expect(gradients.get(x)?.toArray()).toEqual([3, -4]);
    }
  });

  test("reads gradients that share storage with parameters before it changes those", () => {
    const [x, y] = [parameter([1]), parameter([10])];
    const sgd = new SGD(
      [
        ["x", x],
        ["y", y],
      ],
      { learningRate: 0.1, weightDecay: 0.5, decoupledWeightDecay: true },
    );
    sgd.step(
      new Map([
        [x, y],
        [y, x],
      ]),
    );
    expect([x.data[0], y.data[0]]).toEqual([0.95 - 1, 9.5 - 0.1]);
  });

  test.each([
    ["plain", {}, [1 - 0.1 * 1, 10 - 0.1 * 1, 100 - 0.1 * 10]],
    ["with L2 decay", { weightDecay: 0.5 }, [1 - 0.1 * 1.5, 10 - 0.1 * 6, 100 - 0.1 * 60]],
    ["clipped", { clip: { value: 5 } }, [1 - 0.1 * 1, 10 - 0.1 * 1, 100 - 0.1 * 5]],
    ["clipped by norm", { clip: { norm: 5 } }, [1 - 0.1 * 1, 10 - 0.1 * 1, 100 - 0.1 * 5]],
  ] as const)("takes a parameter, or what shares its numbers, for a gradient: %s", (_, options, expected) => {
    const [x, y, z] = [parameter([1]), parameter([10]), parameter([100])];
    const sgd = new SGD(
      [
        ["x", x],
        ["y", y],
        ["z", z],
      ],
      { learningRate: 0.1, ...options },
    );
    // Its own, that of the one before in another tensor, and that of the one before.
    const gradients = new Map<Tensor, Tensor>([
      [x, x],
      [y, x.detach()],
      [z, y],
    ]);
    for (const [key, g] of gradients) expect(g.storage === key.storage).toBe(key === x);
    sgd.step(gradients);
    expect([x.data[0], y.data[0], z.data[0]]).toEqual(expected);
  });

  test("clips first, then decays, as PyTorch's and Keras' training loops do", () => {
    const l2 = parameter([2]);
    new SGD([["x", l2]], { learningRate: 1, clip: { value: 1 }, weightDecay: 3 }).step(
      gradientsOf([l2], [[50]]),
    );
    expect(l2.data[0]).toBe(2 - (1 + 6));
    const decoupled = parameter([2]);
    const options = { learningRate: 1, clip: { norm: 1 }, weightDecay: 0.25, decoupledWeightDecay: true };
    new SGD([["x", decoupled]], options).step(gradientsOf([decoupled], [[50]]));
    expect(decoupled.data[0]).toBe(1.5 - 1);
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
