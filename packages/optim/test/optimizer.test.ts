import { backward, type Gradients, mul, Parameter, square, sum, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  Adam,
  AdamW,
  type GradientSource,
  type Hyperparameters,
  Optimizer,
  type Parameters,
  RMSprop,
  type Rule,
  ranges,
  SGD,
  type SGDHyperparameters,
} from "../src/index.ts";
import { CONSTRUCTORS, gradientsOf, messageOf, parameter, VARIANTS } from "./support.ts";

describe("parameters", () => {
  const x = parameter([1, 2]);
  const y = parameter([3]);
  const refusals: [what: string, given: unknown, message: string | RegExp][] = [
    ["an empty list", [], "ArgumentError: SGD: the list of parameters is empty: nothing to train"],
    ["a net", { weight: x }, /^ArgumentError: SGD: needs a list of \[name, parameter\] pairs, .*got Object$/],
    ["nothing", undefined, /got undefined$/],
    ["a parameter alone", x, /got Parameter$/],
    [
      "a parameter without a name",
      [x],
      /each parameter is a pair \[name, parameter\], got Parameter without a name$/,
    ],
    [
      "a name that is no text",
      [[1, x]],
      /each parameter is a pair \[name, parameter\], got \[1,Parameter\]$/,
    ],
    ["a tensor", [["w", tensor([1])]], 'ArgumentError: SGD: "w" is not a Parameter but Tensor [1]'],
    ["a variable", [["w", variable(tensor([1]))]], /"w" is not a Parameter but Tensor \[1\]$/],
    ["null", [["w", null]], /"w" is not a Parameter but null$/],
    ["a hole", Array<never>(1), /each parameter is a pair \[name, parameter\], got undefined$/],
    [
      "a parameter listed twice",
      [
        ["w", x],
        ["b", y],
        ["w", x],
      ],
      'ArgumentError: SGD: parameter "w" is listed twice; each must be in one group, once',
    ],
    [
      "a parameter under two names",
      [
        ["w", x],
        ["v", x],
      ],
      /parameter "w" is listed again as "v", twice/,
    ],
    [
      "a parameter in two groups",
      [{ parameters: [["w", x]] }, { parameters: [["w", x]] }],
      /"w" is listed twice/,
    ],
    [
      "two parameters of one name",
      [
        ["w", x],
        ["w", y],
      ],
      'ArgumentError: SGD: two parameters are named "w"',
    ],
    [
      "an empty group",
      [{ parameters: [["w", x]] }, { parameters: [] }],
      /group 1 needs a list .*, got an empty one$/,
    ],
    ["a group that is no list", [{ parameters: x }], /group 0 needs a list of .* got Parameter$/],
    [
      "groups and pairs mixed",
      [{ parameters: [["w", x]] }, ["b", y]],
      /group 1 must be an object \{ parameters, … \}/,
    ],
    [
      "an unknown override",
      [{ parameters: [["w", x]], lr: 1 }],
      /^ArgumentError: SGD, group 0: unknown option "lr"/,
    ],
    [
      "a preset of a group",
      [{ parameters: [["w", x]], preset: "keras" }],
      /group 0: unknown option "preset"/,
    ],
    [
      "a bad override",
      [{ parameters: [["w", x]], momentum: 2 }],
      /SGD, group 0: momentum must be in \[0, 1\], got 2/,
    ],
    [
      "an override in conflict",
      [{ parameters: [["w", x]], nesterov: true }],
      /SGD, group 0: nesterov needs momentum/,
    ],
  ];
  test.each(refusals)("%s is refused", (_, given, message) => {
    const thrown = messageOf(() => new SGD(given as Parameters<SGDHyperparameters>));
    if (typeof message === "string") expect(thrown).toBe(message);
    else expect(thrown).toMatch(message);
  });

  test("an empty parameter is legal", () => {
    const empty = parameter([], [0, 3]);
    const sgd = new SGD([["empty", empty]]);
    sgd.step(gradientsOf([empty], [[]]));
    expect(sgd.stepCount).toBe(1);
  });
});

describe("options", () => {
  const bad = [Number.NaN, Infinity, -Infinity, -1, "0.1", null, 1n];
  const out: Record<string, unknown[]> = {
    learningRate: bad,
    weightDecay: bad,
    epsilon: [...bad, 0],
    momentum: [...bad, 1.5],
    dampening: [...bad, 1.5],
    beta1: [...bad, 1],
    beta2: [...bad, 1],
    rho: [...bad, 1],
    nesterov: [1, "yes", null],
    amsgrad: [1, "yes", null],
    centered: [1, "yes", null],
    epsilonInside: [0, null],
    epsilonHat: [0, null],
    learningRateInMomentum: [0, null],
    decoupledWeightDecay: [0, null],
    preset: ["pytorch", "Keras", "", null, 1, "__proto__"],
  };
  const keys: [optimizer: string, keys: string[]][] = [
    ["SGD", ["momentum", "dampening", "nesterov", "learningRateInMomentum"]],
    ["Adam", ["beta1", "beta2", "epsilon", "epsilonHat", "amsgrad"]],
    ["AdamW", ["beta1", "beta2", "epsilon", "epsilonHat", "amsgrad"]],
    ["RMSprop", ["rho", "epsilon", "epsilonInside", "centered", "momentum", "learningRateInMomentum"]],
  ];
  const cases = keys.flatMap(([optimizer, own]) =>
    ["learningRate", "weightDecay", "decoupledWeightDecay", "preset", ...own].flatMap((key) =>
      out[key].map((value) => [optimizer, key, value] as const),
    ),
  );
  test.each(cases)("%s: %s %o is refused", (optimizer, key, value) => {
    const make = () => new CONSTRUCTORS[optimizer]([["x", parameter([1])]], { [key]: value });
    expect(messageOf(make)).toMatch(new RegExp(`^ArgumentError: ${optimizer}: ${key} must be .*, got `));
  });

  test.each(Object.keys(CONSTRUCTORS))(
    "%s: an unknown option is refused, and the known ones are listed",
    (name) => {
      const make = (options: unknown) => new CONSTRUCTORS[name]([["x", parameter([1])]], options as object);
      expect(messageOf(() => make({ lr: 0.1 }))).toMatch(
        new RegExp(`^ArgumentError: ${name}: unknown option "lr"; it takes \\{ learningRate, `),
      );
      expect(messageOf(() => make(JSON.parse('{"__proto__": 1}')))).toMatch(/unknown option "__proto__"/);
      expect(messageOf(() => make(null))).toMatch(/needs an options object, got null/);
      expect(messageOf(() => make([0.1]))).toMatch(/needs an options object, got \[0.1\]/);
    },
  );

  test("an option given as undefined is as if not given", () => {
    const x = parameter([1]);
    const options = { learningRate: undefined, clip: undefined, preset: undefined } as object;
    expect(new SGD([["x", x]], options).learningRate).toBe(0.001);
  });

  test("a learning rate of 0 changes nothing", () => {
    const x = parameter([1]);
    new Adam([["x", x]], { learningRate: 0 }).step(gradientsOf([x], [[5]]));
    expect(x.data[0]).toBe(1);
  });
});

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

  test("that only name parameters give the same bits as no groups", () => {
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

  test("without a gradient for some parameter is refused by name before anything is written", () => {
    const net = make();
    expect(messageOf(() => net.adam.step(gradientsOf([net.w], [[1, 1]])))).toBe(
      'GradientError: adam.step: no gradient for "layers.2.bias" [10]; is it part of the loss?',
    );
    expect(messageOf(() => net.adam.step(new Map()))).toBe(
      'GradientError: adam.step: no gradient for "layers.2.weight" [2], "layers.2.bias" [10]; are they part of the loss?',
    );
    expectUntouched(net);
  });

  test("with a gradient of another shape is refused before anything is written", () => {
    const net = make();
    const gradients = gradientsOf([net.w, net.b], [[1, 1], net.zeros]);
    gradients.set(net.b, tensor([[1, 2]]));
    expect(messageOf(() => net.adam.step(gradients))).toBe(
      'ShapeError: adam.step: the gradient of "layers.2.bias" has shape [1,2], the parameter [10]',
    );
    expectUntouched(net);
  });

  test("with a gradient that is no tensor is refused", () => {
    const net = make();
    const gradients = { get: () => [1, 2] } as unknown as GradientSource;
    expect(messageOf(() => net.adam.step(gradients))).toBe(
      'ArgumentError: adam.step: the gradient of "layers.2.weight" is no tensor but [1,2]',
    );
  });

  test("with the loss instead of its gradients is refused with a hint", () => {
    const { adam } = make();
    expect(messageOf(() => adam.step(tensor(1) as unknown as GradientSource))).toBe(
      "ArgumentError: adam.step: needs Gradients, got Tensor; did you mean step(backward(loss))?",
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

  test("leaves the gradients as they are, clipped and decayed or not", () => {
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

  test("reads gradients that live in the parameters before it changes those", () => {
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

test("a rule of one's own gets the whole driver", () => {
  const base: Hyperparameters = { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false };
  const signDescent: Rule<Hyperparameters> = {
    name: "SignDescent",
    defaults: { torch: base, keras: base },
    ranges: { learningRate: ranges.rate },
    slots: () => [],
    update: (x, g, _slots, _h, _t, learningRate) => {
      for (let i = 0; i < x.length; i++) x[i] -= learningRate * Math.sign(g[i]);
    },
  };
  const x = new Parameter([1, 1]);
  const optimizer = new Optimizer(signDescent, [["x", x]], { learningRate: 0.5 });
  optimizer.step(backward(sum(mul(x, tensor([3, -7])))));
  expect(x.toArray()).toEqual([0.5, 1.5]);
  expect(messageOf(() => new Optimizer(signDescent, [["x", x]], { weightDecay: 1 }))).toMatch(
    /SignDescent: unknown option "weightDecay"; it takes \{ learningRate \}/,
  );
});

test("all four optimizers are exported with their names in their errors", () => {
  for (const [name, make] of Object.entries({ SGD, Adam, AdamW, RMSprop })) {
    expect(messageOf(() => new make([]))).toMatch(new RegExp(`^ArgumentError: ${name}: `));
  }
});
