import { type Tensor, tensor, type UpdateSpec } from "@gradus/core";
import { type Hook, Storage, withHook } from "@gradus/core/internal";
import { describe, expect, test } from "vitest";
import { CONSTRUCTORS, gradientsOf, parameter, VARIANTS } from "./support.ts";

interface Call {
  readonly spec: UpdateSpec<unknown>;
  readonly reads: readonly Tensor[];
  readonly writes: readonly Tensor[];
  readonly params: unknown;
}

/** The updates that a step consists of, none of them made. */
function record(step: () => void): Call[] {
  const calls: Call[] = [];
  const recorder: Pick<Hook, "op" | "update"> = {
    op: (_, [x]) => new Storage(x.data.slice()), // the copy of a gradient
    update: (spec, reads, writes, params) => {
      calls.push({ spec: spec as UpdateSpec<unknown>, reads: [...reads], writes: [...writes], params });
    },
  };
  withHook(recorder as Hook, step);
  return calls;
}

function make(name: string, options: object) {
  const [w, b] = [parameter([1, -2, 0.5]), parameter([3])];
  const parameters = [
    ["w", w],
    ["b", b],
  ] as const;
  return { w, b, optimizer: new CONSTRUCTORS[name](parameters, options) };
}

const GRADIENTS = [[0.3, -0, 4], [-0.7]];

const variants = [
  ...VARIANTS,
  ["L2 and clip", "SGD", { momentum: 0.9, weightDecay: 0.1, clip: { globalNorm: 0.5 } }],
  ["decoupled and clip", "RMSprop", { preset: "keras", weightDecay: 0.1, clip: { norm: 0.5 } }],
] as const;

test.each(variants)(
  "%s: a step that is only noted changes nothing, and replayed is the step itself, to the bit",
  (_, name, options) => {
    const eager = make(name, options);
    const replayed = make(name, options);
    const gradients = gradientsOf([replayed.w, replayed.b], GRADIENTS);
    const untouched = replayed.optimizer.state();
    const calls = record(() => replayed.optimizer.step(gradients));
    expect([...replayed.w.data, ...replayed.b.data]).toEqual([1, -2, 0.5, 3]);
    expect(replayed.optimizer.state()).toEqual(untouched);
    for (let step = 0; step < 5; step++) {
      eager.optimizer.step(gradientsOf([eager.w, eager.b], GRADIENTS));
      for (const { spec, reads, writes, params } of calls) {
        const arrays = (tensors: readonly Tensor[]) => tensors.map((x) => x.data);
        spec.run(arrays(reads), arrays(writes), params);
      }
    }
    expect([...replayed.w.data, ...replayed.b.data]).toEqual([...eager.w.data, ...eager.b.data]);
    expect(replayed.optimizer.state()).toEqual(eager.optimizer.state());
    expect(replayed.optimizer.stepCount).toBe(5);
  },
);

/** The updates of a step of one parameter, with their kernels. */
function kernelsOf(name: string, options: object): (readonly [update: string, kernel: unknown])[] {
  const x = parameter([1]);
  const optimizer = new CONSTRUCTORS[name]([["x", x]], options);
  const calls = record(() => optimizer.step(gradientsOf([x], [[2]])));
  return calls.map(({ spec, params }) => [spec.name, spec.kernel?.(params) ?? null]);
}

describe("a step", () => {
  test("is made of updates in this order", () => {
    const decay = { weightDecay: 0.5 };
    const { w, b, optimizer } = make("SGD", { clip: { norm: 1 }, ...decay, decoupledWeightDecay: true });
    const names = (): string[] =>
      record(() => optimizer.step(gradientsOf([w, b], GRADIENTS))).map(({ spec }) => spec.name);
    const one = ["shrink", "SGD"];
    expect(names()).toEqual([
      "clip",
      "prepareGradient",
      "prepareGradient",
      "begin",
      ...one,
      ...one,
      "finish",
    ]);
    const plain = make("SGD", {});
    const calls = record(() => plain.optimizer.step(gradientsOf([plain.w, plain.b], GRADIENTS)));
    expect(calls.map(({ spec }) => spec.name)).toEqual(["begin", "SGD", "SGD", "finish"]);
    expect(calls[1].writes).toEqual([plain.w]);
    const adam = make("Adam", {});
    const squares = record(() => adam.optimizer.step(gradientsOf([adam.w, adam.b], GRADIENTS)));
    const found = ["findNonFinite", "findNonFinite"];
    expect(squares.map(({ spec }) => spec.name)).toEqual([...found, "begin", "Adam", "Adam", "finish"]);
  });

  test("copies gradients that share storage with parameters before it changes any", () => {
    const { w, b, optimizer } = make("SGD", {});
    const gradients = new Map([
      [w, tensor([1, 2, 3])],
      [b, b.detach()],
    ]);
    const calls = record(() => optimizer.step(gradients));
    expect(calls.map(({ spec }) => spec.name)).toEqual(["begin", "SGD", "SGD", "finish"]);
    expect(calls[2].reads[0].storage).not.toBe(b.storage);
  });

  test("reads the rate of its group to shrink, not the coefficients of the rule", () => {
    const { w, b, optimizer } = make("AdamW", { learningRate: 0.25, weightDecay: 0.5 });
    const calls = record(() => optimizer.step(gradientsOf([w, b], GRADIENTS)));
    const { spec, reads, writes, params } = calls[3];
    expect(spec.name).toBe("shrink");
    expect(writes).toEqual([w]);
    optimizer.step(gradientsOf([w, b], GRADIENTS));
    expect(reads.map((x) => x.toArray())).toEqual([[0.25]]);
    expect(spec.kernel?.(params)).toEqual({
      instruction: "shrink",
      reads: ["step"],
      writes: ["x"],
      numbers: [0.5],
    });
  });
});

/** The kernel of a rule: it reads the gradient and the numbers of the step, and changes x and the arrays it keeps. */
function ruleKernel(instruction: string, numbers: readonly number[], ...slots: readonly string[]) {
  return { instruction, reads: ["g", "step"], writes: ["x", ...slots], numbers };
}

const prepare = (numbers: readonly number[]) => ({
  instruction: "prepareGradient",
  reads: ["g", "x", "step"],
  writes: ["out"],
  numbers,
});

describe("the kernels", () => {
  test.each([
    ["SGD", {}, ruleKernel("sgd", [])],
    ["SGD", { momentum: 0.5 }, ruleKernel("sgdMomentum", [0.5, 0, 0], "b")],
    ["SGD", { momentum: 0.5, nesterov: true, preset: "keras" }, ruleKernel("sgdMomentum", [0.5, 1, 1], "b")],
    ["Adam", {}, ruleKernel("adam", [0.9, 0.999], "m", "v")],
    ["AdamW", { amsgrad: true }, ruleKernel("amsgrad", [0.9, 0.999], "m", "v", "largest")],
    ["RMSprop", {}, ruleKernel("rmsprop", [0.99, 0, 1e-8], "v")],
    ["RMSprop", { preset: "keras" }, ruleKernel("rmsprop", [0.9, 1e-7, 0], "v")],
    ["RMSprop", { centered: true }, ruleKernel("rmspropMomentum", [0.99, 0, 1e-8, 0, 0], "v", "a")],
    ["RMSprop", { momentum: 0.5 }, ruleKernel("rmspropMomentum", [0.99, 0, 1e-8, 0.5, 0], "v", "b")],
    [
      "RMSprop",
      { momentum: 0.5, centered: true, learningRateInMomentum: true },
      ruleKernel("rmspropMomentum", [0.99, 0, 1e-8, 0.5, 1], "v", "a", "b"),
    ],
  ] as const)("%s %o has %o", (name, options, kernel) => {
    expect(kernelsOf(name, options).at(-2)).toEqual([name, kernel]);
  });

  test("of clipping and L2 decay have the limit and the decay of the group", () => {
    const options = { weightDecay: 0.5, clip: { value: 2 } };
    const find = [
      "findNonFinite",
      { instruction: "findNonFinite", reads: ["g"], writes: ["found"], numbers: [1e158] },
    ];
    expect(kernelsOf("Adam", options).slice(0, -2)).toEqual([
      ["prepareGradient", prepare([2, 0.5])],
      find,
      ["begin", null],
    ]);
    expect(kernelsOf("Adam", { ...options, clip: { norm: 1 }, preset: "keras" }).slice(0, -2)).toEqual([
      ["clip", null],
      ["prepareGradient", prepare([Infinity, 0])],
      find,
      ["begin", null],
      ["shrink", { instruction: "shrink", reads: ["step"], writes: ["x"], numbers: [0.5] }],
    ]);
  });
});
