import {
  ArgumentError,
  backward,
  createRng,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  variable,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  AlphaDropout,
  CELU,
  Dense,
  ELU,
  GELU,
  type GeluForm,
  Hardtanh,
  type Initializer,
  type Layer,
  LeakyReLU,
  LogSigmoid,
  LogSoftmax,
  lecunNormal,
  Mish,
  normal,
  ReLU,
  ReLU6,
  SELU,
  Sequential,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Softsign,
  Tanh,
} from "../../src/index.ts";
import { awayFromKinks, checkLayer, expectAllClose, expectClose, moments } from "../support.ts";

// Each layer, how it prints, and its values at -2, 0.5 and 7, computed from its formula with 40 digits.
const table: readonly (readonly [string, Layer, readonly number[]])[] = [
  ["ReLU()", new ReLU(), [0, 0.5, 7]],
  ["ReLU6()", new ReLU6(), [0, 0.5, 6]],
  ["LeakyReLU(slope=0.01)", new LeakyReLU(), [-0.02, 0.5, 7]],
  ["LeakyReLU(slope=0.2)", new LeakyReLU({ slope: 0.2 }), [-0.4, 0.5, 7]],
  ["ELU(alpha=1)", new ELU(), [-0.8646647167633873, 0.5, 7.0]],
  ["ELU(alpha=2)", new ELU({ alpha: 2 }), [-1.7293294335267746, 0.5, 7]],
  ["CELU(alpha=1)", new CELU(), [-0.8646647167633873, 0.5, 7.0]],
  ["CELU(alpha=2)", new CELU({ alpha: 2 }), [-1.2642411176571153, 0.5, 7.0]],
  ["GELU()", new GELU(), [-0.04550026389635842, 0.34573123063700656, 6.999999999991041]],
  [
    "GELU(approximate=tanh)",
    new GELU({ approximate: "tanh" }),
    [-0.04540230591222498, 0.34571400982514394, 6.999999999999997],
  ],
  ["SiLU()", new SiLU(), [-0.23840584404423512, 0.3112296656009273, 6.993622641639195]],
  ["Mish()", new Mish(), [-0.2525014826957089, 0.37524521130489513, 6.999988379809741]],
  ["Sigmoid()", new Sigmoid(), [0.11920292202211756, 0.6224593312018546, 0.9990889488055994]],
  ["LogSigmoid()", new LogSigmoid(), [-2.1269280110429727, -0.4740769841801067, -0.0009114664537742447]],
  ["Tanh()", new Tanh(), [-0.9640275800758169, 0.46211715726000974, 0.9999983369439447]],
  ["Softplus(beta=1)", new Softplus(), [0.1269280110429725, 0.9740769841801067, 7.000911466453775]],
  [
    "Softplus(beta=0.5)",
    new Softplus({ beta: 0.5 }),
    [0.6265233750364457, 1.6518788397576871, 7.059500836545241],
  ],
  ["Softsign()", new Softsign(), [-0.6666666666666666, 0.3333333333333333, 0.875]],
  ["Hardtanh(low=-1, high=1)", new Hardtanh(), [-1, 0.5, 1]],
  ["Hardtanh(low=0, high=3)", new Hardtanh({ low: 0, high: 3 }), [0, 0.5, 3]],
];

describe.each(table)("%s", (name, layer, values) => {
  test("has the values of its formula, and its text", () => {
    expectAllClose(layer.forward(tensor([-2, 0.5, 7])), values, 1e-14);
    expect(String(layer)).toBe(name);
  });

  test("passes the gradient checks", () => {
    checkLayer(layer, [awayFromKinks([2, 5])]);
  });
});

test("bad options are refused", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "1" as unknown as number]) {
    expect(() => new LeakyReLU({ slope: value })).toThrow(ArgumentError);
    expect(() => new ELU({ alpha: value })).toThrow(ArgumentError);
    expect(() => new CELU({ alpha: value })).toThrow(ArgumentError);
  }
  expect(() => new LeakyReLU({ slope: Number.NaN })).toThrow(
    "LeakyReLU: slope must be a finite number, got NaN",
  );
  expect(() => new CELU({ alpha: 0 })).toThrow("CELU: alpha must not be 0");
  expect(() => new GELU({ approximate: "erf" as GeluForm })).toThrow(ArgumentError);
  expect(() => new GELU({ approximate: "erf" as GeluForm })).toThrow(
    'GELU: approximate must be "none" or "tanh", got "erf"',
  );
  expect(() => new Hardtanh({ low: 1, high: 1 })).toThrow("Hardtanh: needs low < high, got 1 and 1");
  expect(() => new Hardtanh({ low: Number.NaN })).toThrow(ArgumentError);
  expect(() => new LeakyReLU({ alpha: 0.3 } as object)).toThrow(
    'LeakyReLU: unknown option "alpha"; did you mean "slope"? It takes { slope }',
  );
  expect(() => new Softmax({ dim: 1 } as object)).toThrow(
    'Softmax: unknown option "dim"; did you mean "axis"? It takes { axis }',
  );
  // @ts-expect-error ReLU takes no options
  expect(() => new ReLU({ slope: 0.1 })).toThrow('ReLU: unknown option "slope"; it takes {}');
});

// x, selu(x), selu'(x): 50-digit arithmetic from equation 2 of the paper.
const seluTable = [
  [0.1895, 0.19910783710386354, 1.0507009873554805],
  [-0.8333, -0.9940070476190151, 0.7640922932283617],
  [1, 1.0507009873554805, 1.0507009873554805],
  [-1, -1.1113307378125628, 0.6467686030348141],
  [-2, -1.520166468595695, 0.23793287225168183],
  [-0.5, -0.6917581878028713, 1.0663411530445055],
  [-1e-8, -1.7580993320568802e-8, 1.7580993232663835],
  [-1e-300, -1.758099340847377e-300, 1.7580993408473768],
  [-20, -1.758099337223664, 3.6237128249944117e-9],
  [-40, -1.7580993408473768, 7.469028815914292e-18],
  [-700, -1.7580993408473768, 1.7334290832552396e-304],
  [710, 745.9977010223912, 1.0507009873554805],
] as const;

describe("SELU", () => {
  test.each(seluTable)("of %d is %d with slope %d", (at, value, slope) => {
    const x = variable(tensor(at));
    const y = new SELU().forward(x);
    expectClose(y.item(), value, 1e-15);
    expectClose(backward(y).of(x).item(), slope, 1e-15);
  });

  test("has the left slope λα at 0, and IEEE's special values", () => {
    const x = variable(tensor([0, -0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN]));
    const y = new SELU().forward(x);
    expect(y.toArray()).toEqual([0, -0, -1.7580993408473768, Number.POSITIVE_INFINITY, Number.NaN]);
    const [zero, minusZero, left, right, nan] = backward(y, { cotangent: ones([5]) }).of(x).data;
    expectClose(zero, 1.7580993408473768, 1e-15);
    expect(minusZero).toBe(zero);
    expect(left).toBe(0);
    expectClose(right, 1.0507009873554805, 1e-15);
    expect(nan).toBeNaN();
  });

  test("passes the gradient checks", () => {
    checkLayer(new SELU(), [awayFromKinks([3, 4])]);
    expect(String(new SELU())).toBe("SELU()");
  });
});

const WIDTH = 256;

function through(depth: number, init: Initializer, dropout = 0): Tensor {
  const rng = createRng("weights");
  const layers = Array.from({ length: depth }, () => [
    new Dense(WIDTH, WIDTH, { rng, init }),
    new SELU(),
    ...(dropout > 0 ? [new AlphaDropout(dropout)] : []),
  ]).flat();
  const x = createRng("inputs").normal([256, WIDTH]);
  return new Sequential(...layers).forward(x, { train: true, rng: createRng("masks") });
}

describe("a deep net of Dense and SELU", () => {
  test.each([8, 16])("of %d layers keeps mean 0 and variance 1 with LeCun normal weights", (depth) => {
    const { mean, variance } = moments(through(depth, lecunNormal));
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1)).toBeLessThan(0.12);
  });

  test("keeps them with alpha dropout in between", () => {
    const { mean, variance } = moments(through(8, lecunNormal, 0.1));
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1)).toBeLessThan(0.12);
  });

  // What the mean-field map gives for weights of another variance: the signal fades.
  test.each([
    [0.7737413035499232, 0.437],
    [0.5625, 0.13],
  ])("of 8 layers loses variance for weights of variance %d/n", (factor, expected) => {
    const init = normal({ mean: 0, std: Math.sqrt(factor / WIDTH) });
    expect(Math.abs(moments(through(8, init)).variance / expected - 1)).toBeLessThan(0.15);
  });
});

describe.each([
  ["Softmax", Softmax],
  ["LogSoftmax", LogSoftmax],
] as const)("%s", (name, Layer) => {
  test("passes the gradient checks along any axis", () => {
    checkLayer(new Layer(), [awayFromKinks([3, 4])]);
    checkLayer(new Layer({ axis: 0 }), [awayFromKinks([3, 2])]);
    checkLayer(new Layer({ axis: 1 }), [awayFromKinks([2, 3, 2])]);
  });

  test("refuses an axis that the input does not have, and one that is no whole number", () => {
    expect(() => new Layer({ axis: 2 }).forward(ones([2, 2]))).toThrow(ShapeError);
    expect(() => new Layer({ axis: 2 }).forward(ones([2, 2]))).toThrow(
      `${name}(axis=2): expects an input with an axis 2, got [2,2]`,
    );
    expect(() => new Layer({ axis: -3 }).forward(ones([2, 2]))).toThrow(ShapeError);
    expect(() => new Layer().forward(tensor(1))).toThrow(ShapeError);
    for (const axis of [0.5, Number.NaN]) expect(() => new Layer({ axis })).toThrow(ArgumentError);
    expect(() => new Layer({ axis: 0.5 })).toThrow(`${name}: axis must be a whole number, got 0.5`);
  });

  test("has its options in its text", () => {
    expect(String(new Layer())).toBe(`${name}()`);
    expect(String(new Layer({ axis: 1 }))).toBe(`${name}(axis=1)`);
  });
});

test("Softmax gives positive numbers that sum to 1 along its axis, also for huge logits", () => {
  // e^log(k) = k: shares 1/10, 2/10, 3/10, 4/10.
  const logits = tensor([
    [0, Math.LN2],
    [1.0986122886681098, 2 * Math.LN2],
  ]);
  expectAllClose(new Softmax({ axis: 1 }).forward(logits), [1 / 3, 2 / 3, 3 / 7, 4 / 7], 1e-14);
  expectAllClose(new Softmax({ axis: 0 }).forward(logits), [1 / 4, 1 / 3, 3 / 4, 2 / 3], 1e-14);
  expect(new Softmax().forward(tensor([10000, -10000])).toArray()).toEqual([1, 0]);
});

test("LogSoftmax is the logarithm of softmax, also where that is 0", () => {
  const y = new LogSoftmax().forward(tensor([0, Math.LN2]));
  expectAllClose(y, [-1.0986122886681098, -0.4054651081081644], 1e-14);
  expect(new LogSoftmax().forward(tensor([10000, -10000])).toArray()).toEqual([0, -20000]);
});
