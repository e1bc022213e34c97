import * as core from "../src/index.ts";
import * as testing from "../src/testing/index.ts";
import * as watching from "../src/watch/index.ts";
import { type Calls, describeExtraArguments } from "./extra-arguments.ts";
import { describeHostile } from "./hostile.ts";
import { samples } from "./samples/index.ts";

const { tensor, ones, variable, backward, createRng } = core;

type Entry = {
  readonly samples: readonly {
    readonly inputs: readonly { shape?: number[]; values?: unknown }[];
    params?: object;
  }[];
};

/** A call of every op, as a function and as a method. */
const ops: Record<string, () => readonly unknown[]> = {};
for (const [name, op] of Object.entries(core.ops)) {
  const [sample] = (samples as unknown as Record<string, Entry>)[name].samples;
  const { spec } = op as unknown as {
    spec: { list?: true; defaults?: object; required?: readonly string[] };
  };
  const hasParams = { ...spec.defaults, ...Object.fromEntries((spec.required ?? []).map((key) => [key, 0])) };
  const args = (): unknown[] => {
    const inputs = sample.inputs.map(({ shape, values }) =>
      shape ? ones(shape).mul(0.5) : tensor(values as number),
    );
    const params = Object.keys(hasParams).length > 0 ? [sample.params ?? {}] : [];
    return [...(spec.list ? [inputs] : inputs), ...params];
  };
  ops[name] = args;
  if (!spec.list) {
    ops[`tensor.${name}`] = () => {
      const [x, ...rest] = args();
      return [
        (...all: unknown[]) => (x as unknown as Record<string, (...all: unknown[]) => unknown>)[name](...all),
        ...rest,
      ];
    };
  }
}

const rng = createRng("extra");
const scalar = () =>
  variable(tensor([1, 2]))
    .square()
    .sum();
const method =
  (object: object, name: string, ...args: unknown[]) =>
  () => [
    (...all: unknown[]) => (object as Record<string, (...all: unknown[]) => unknown>)[name](...all),
    ...args,
  ];

const calls: Calls = {
  ...ops,
  arange: () => [0, 4, 1],
  backward: () => [scalar(), {}],
  createRng: () => [1],
  eye: () => [2],
  full: () => [[2], 1],
  grad: () => [(x: core.Tensor) => x],
  hashTensors: () => [[["x", ones([1])]]],
  hessian: () => [(x: core.Tensor) => x],
  hvp: () => [(x: core.Tensor) => x.square().sum(), ones([1]), ones([1])],
  jacobian: () => [(x: core.Tensor) => x],
  linspace: () => [0, 1, 2],
  ones: () => [[2], rng],
  restoreRng: () => [rng.state()],
  tensor: () => [[1, 2], [2]],
  trapNumerics: () => [() => 1],
  valueAndGrad: () => [(x: core.Tensor) => x],
  zeros: () => [[2], rng],
  "rng.integer": method(rng, "integer", 3),
  "rng.normal": method(rng, "normal", [2], {}),
  "rng.permutation": method(rng, "permutation", 3),
  "rng.restore": method(rng, "restore", rng.state()),
  "rng.split": method(rng, "split", "a"),
  "rng.uniform": method(rng, "uniform", [2], {}),
  "gradients.add": () => {
    const gradients = backward(scalar());
    return method(gradients, "add", gradients)();
  },
  "gradients.scale": () => method(backward(scalar()), "scale", 2)(),
  weightedMean: () => [ones([2]), ones([2])],
};

/** Helpers for authors of ops, layers and tests. */
const cube = {
  name: "cube",
  formula: "x³",
  shape: ([x]: readonly core.Shape[]) => x,
  forward: ([x]: readonly core.Tensor[], out: Float64Array) =>
    out.set(x.data.map((value) => value * value * value)),
  vjp: [(g: core.Tensor) => g],
};
const range = core.ranges.finite;
const even: core.Range = { says: "must be even", admits: (x) => Number(x) % 2 === 0 };
const authors: Calls = {
  Parameter: () => [[1, 2]],
  variable: () => [tensor([1])],
  update: () => [{ name: "u", run: () => {} }, [tensor([1])], [tensor([1])], undefined],
  chain: () => [tensor([1]), tensor([1])],
  check: () => ["f", "x", 1, range],
  checkOptions: () => ["f", {}, ["a"]],
  checkShape: () => [[2], "f"],
  defineListOp: () => [cube],
  defineOp: () => [cube],
  deriveOp: () => [{ name: "d", formula: "x", arity: 1, compute: ([x]: readonly core.Tensor[]) => x }],
  "cube.declared": () => [core.defineOp(cube as never), tensor([1])],
  nearestName: () => ["ab", ["abc"]],
  noMore: () => ["f", "x", []],
  notTensor: () => [1],
  resolveOptions: () => ["f", {}, { a: 1 }, { a: range }],
  sameShape: () => [[1], [1]],
  sizeOf: () => [[1]],
  tagOf: () => [1],
  formatShape: () => [[1]],
  show: () => [1],
  "ranges.optional": () => [core.ranges.optional, even],
  "ranges.isListOf": () => [core.ranges.isListOf, [1], range.admits],
  "ranges.functionNamed": () => [core.ranges.functionNamed, "must be one", ["a"]],
  "ranges.instanceOf": () => [core.ranges.instanceOf, core.Tensor, "must be a tensor"],
  "ranges.builtIn": () => [core.ranges.builtIn, "Map"],
  "ranges.oneOf": () => [core.ranges.oneOf, "a", "b"],
  blockedProduct: () => [new Float64Array(1), new Float64Array(1), new Float64Array(1), { m: 1, k: 1, n: 1 }],
};
const typed =
  "one line for authors of ops and layers, which TypeScript checks; a check would be in every program, and most bytes of errors are there already";
const own = "a formula or loop of the heart, called with what gradus has checked";
describeHostile(core, { ...calls, ...authors }, [
  [/\(…\)\.(become|take)$/, "for gradus itself"],
  [/^(check|resolveOptions|noMore|nearestName)\b/, typed],
  [/^ranges\./, typed],
  [/^update, run$/, typed],
  [/^(sizeOf|formatShape|sameShape),/, own],
  [/^blockedProduct,/, own],
]);
describeHostile(
  testing as unknown as Record<string, unknown>,
  {
    gradcheck: () => [(x: core.Tensor) => x.square(), [tensor([1])], {}],
    gradgradcheck: () => [(x: core.Tensor) => x.square(), [tensor([1])], {}],
    sample: () => [[[1]], undefined, {}],
    unarySamples: () => [{}, undefined],
    binarySamples: () => [{}, {}, undefined],
    drawInputs: () => [{ inputs: [{ shape: [1] }] }, rng],
    checkSample: () => [core.square, { inputs: [{ shape: [1] }] }, "seed"],
  },
  [[/^grad(grad)?check, argument 2$/, "without inputs the function itself reads properties of undefined"]],
);

const author = "for authors of layers and ops; checks nothing";
const callback = "often given to map, which passes an index and the array";
describeExtraArguments(core, calls, {
  ArgumentError: "an Error",
  FormatError: "an Error",
  GradientError: "an Error",
  GradusError: "an Error",
  NumericsError: "an Error",
  ShapeError: "an Error",
  Gradients: "made by backward",
  Rng: "made by createRng",
  Tensor: "made by tensor",
  Parameter: "of the heart, which is kept short",
  variable: "of the heart, which is kept short",
  update: author,
  blockedProduct: author,
  chain: author,
  check: author,
  checkOptions: author,
  checkShape: author,
  defineListOp: author,
  defineOp: author,
  deriveOp: author,
  nearestName: author,
  noMore: author,
  notTensor: author,
  plainProduct: author,
  resolveOptions: author,
  sameShape: author,
  sizeOf: author,
  tagOf: author,
  useProduct: author,
  formatShape: callback,
  show: callback,
});

const trace = watching.watch(() => ones([2]).square());
describeHostile(watching as never, {
  watch: () => [() => 1, {}],
  rowsOf: () => [trace],
  "trace.toString": method(trace, "toString", {}),
});
describeExtraArguments(
  watching as unknown as Record<string, unknown>,
  {
    watch: () => [() => 1, {}],
    rowsOf: () => [trace],
    "trace.toString": method(trace, "toString", {}),
  },
  { Trace: "made by watch" },
);

describeExtraArguments(
  testing as unknown as Record<string, unknown>,
  {
    gradgradcheck: () => [(x: core.Tensor) => x.square(), [tensor([1])], {}],
    sample: () => [[[1]], undefined, {}],
    unarySamples: () => [{}, undefined],
    binarySamples: () => [{}, {}, undefined],
  },
  {
    gradcheck: "of the heart, which is kept short",
    checkCompiled: author,
    checkSample: author,
    describeOps: "makes tests",
    drawInputs: author,
  },
);
