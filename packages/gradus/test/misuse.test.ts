import * as gradus from "gradus";
import { describe, expect, test } from "vitest";

/** One object of every class that programs make or get, by the name of the class. */
const { createRng, Parameter, tensor, selu } = gradus;
const rng = createRng("misuse");
const data = (): gradus.Dataset =>
  new gradus.Dataset({ inputs: [[1, 2], [3, 4]], targets: [0, 1], classes: 2 }); // biome-ignore format: one line
const plain =
  "CELU ELU GELU Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softplus Softsign Tanh Flatten GlobalAveragePool";
const rules = "Adadelta Adagrad Adam AdamW Adamax NAdam RAdam RMSprop SGD";
type Class = new (...args: unknown[]) => object;
const classOf = (name: string): Class => (gradus as unknown as Record<string, Class>)[name];

const LAYERS: Record<string, () => object> = {
  Dense: () => new gradus.Dense(2, 3, { rng, activation: selu }),
  Conv1d: () => new gradus.Conv1d(2, 3, 1, { rng, activation: selu }),
  Conv2d: () => new gradus.Conv2d(2, 3, 1, { rng, activation: selu }),
  ConvTranspose2d: () => new gradus.ConvTranspose2d(2, 3, 1, { rng, activation: selu }),
  BatchNorm: () => new gradus.BatchNorm(2),
  LayerNorm: () => new gradus.LayerNorm(2),
  GroupNorm: () => new gradus.GroupNorm(1, 2),
  Dropout: () => new gradus.Dropout(0.5),
  AlphaDropout: () => new gradus.AlphaDropout(0.5),
  FeatureAlphaDropout: () => new gradus.FeatureAlphaDropout(0.5),
  MaxPool1d: () => new gradus.MaxPool1d(2),
  MaxPool2d: () => new gradus.MaxPool2d(2),
  AvgPool1d: () => new gradus.AvgPool1d(2),
  AvgPool2d: () => new gradus.AvgPool2d(2),
  Upsample: () => new gradus.Upsample(2),
  Embedding: () => new gradus.Embedding(3, 2, { rng }),
  LearnedPositions: () => new gradus.LearnedPositions(4, 2, { rng }),
  SinusoidalPositions: () => new gradus.SinusoidalPositions(2),
  FunctionLayer: () => new gradus.FunctionLayer(selu),
  Sequential: () => new gradus.Sequential(new gradus.Dense(2, 2, { rng }), selu),
  SimpleRNN: () => new gradus.SimpleRNN(2, 3, { rng, activation: selu }),
  GRU: () => new gradus.GRU(2, 3, { rng }),
  LSTM: () => new gradus.LSTM(2, 3, { rng }),
  Bidirectional: () => new gradus.Bidirectional(new gradus.GRU(2, 3, { rng }), new gradus.GRU(2, 3, { rng })),
  MultiHeadAttention: () => new gradus.MultiHeadAttention(2, 1, { rng }),
  TransformerBlock: () => new gradus.TransformerBlock(2, 1, { rng, activation: selu }),
  ...Object.fromEntries(plain.split(" ").map((name) => [name, () => new (classOf(name))()])),
};
const OPTIMIZERS: Record<string, () => object> = Object.fromEntries(
  rules.split(" ").map((name) => [name, () => new (classOf(name))([["w", new Parameter([1, 2])]])]),
);
const OTHERS: Record<string, () => object> = {
  Tensor: () => tensor([[1, 2], [3, 4]]), // biome-ignore format: one line
  Parameter: () => new Parameter([1, 2]),
  Rng: () => createRng(1),
  Gradients: () => gradus.backward(new Parameter([1]).square().sum()),
  Dataset: data,
  Preparation: () => data().preparation,
  History: () => new gradus.History(),
  SafetensorsFile: () => gradus.readSafetensors(gradus.writeSafetensors([["a", tensor([1])]])),
  SnnReport: () =>
    gradus.snnReport(new gradus.Sequential(new gradus.Dense(2, 2, { rng }), selu), rng.normal([9, 2])),
  Plateau: () => new gradus.Plateau(0.1),
};
const ALL = Object.entries({ ...LAYERS, ...OPTIMIZERS, ...OTHERS });

test("every exported class has an object here", () => {
  const classes = Object.entries(gradus)
    .filter(([, value]) => typeof value === "function" && /^class\b/.test(String(value)))
    .map(([name]) => name)
    .filter((name) => !/Error$/.test(name) && name !== "Optimizer");
  expect(classes.filter((name) => !ALL.some(([known]) => known === name))).toEqual([]);
});

describe("K10: operators give an error, not NaN or text", () => {
  test.each(ALL)("%s", (_, make) => {
    const x = make() as unknown as number;
    for (const use of [() => x + 1, () => x * 2, () => `${x < 1}`, () => `${(x as unknown) === 1 || -x}`]) {
      expect(use).toThrow(gradus.ArgumentError);
      expect(use).toThrow(/is no operand of \+, -, \*, \/, < or ==: /);
    }
    expect(String(x)).toMatch(/./);
  });
});

describe("K10: structuredClone gives an error that names the way, not an object without methods", () => {
  test.each(ALL)("%s", (name, make) => {
    const x = make();
    if (name === "SnnReport") return expect(structuredClone(x)).toMatchObject({ outcome: "clean" }); // all of it is data
    expect(() => structuredClone(x)).toThrow(/could not be cloned/);
  });
});

describe("K10: the JSON of a layer has every option that is not the default", () => {
  const weights = { bias: false, activation: gradus.relu };
  const images = { ...weights, stride: 2, padding: 1, dilation: 2, groups: 2 };
  const sequences = { layers: 2, returnSequences: true, bias: false };
  const cases: Record<string, [args: unknown[], options: object]> = {
    Dense: [[2, 2], weights],
    Conv1d: [[2, 2, 3], images],
    Conv2d: [[2, 2, 3], images],
    ConvTranspose2d: [[2, 2, 3], { ...images, outputPadding: 1 }],
    BatchNorm: [[2], { epsilon: 1, momentum: 0.5 }],
    LayerNorm: [[2], { epsilon: 1 }],
    GroupNorm: [[2, 2], { epsilon: 1 }],
    AlphaDropout: [[0.5], { fixedPoint: [1, 2] }],
    FeatureAlphaDropout: [[0.5], { fixedPoint: [1, 2] }],
    MaxPool1d: [[2], { stride: 1, padding: 1 }],
    MaxPool2d: [[2], { stride: 1, padding: 1 }],
    AvgPool1d: [[2], { stride: 1, padding: 1, countIncludePad: false }],
    AvgPool2d: [[2], { stride: 1, padding: 1, countIncludePad: false }],
    RReLU: [[], { lower: 0.2, upper: 0.9 }],
    ELU: [[], { alpha: 2 }],
    CELU: [[], { alpha: 2 }],
    GELU: [[], { approximate: "tanh" }],
    Hardtanh: [[], { low: -2, high: 2 }],
    LeakyReLU: [[], { slope: 0.5 }],
    Softmax: [[], { axis: 0 }],
    LogSoftmax: [[], { axis: 0 }],
    Softplus: [[], { beta: 2 }],
    SimpleRNN: [[2, 2], { ...sequences, activation: gradus.relu }],
    GRU: [[2, 2], { ...sequences, resetAfter: false }],
    LSTM: [[2, 2], sequences],
    MultiHeadAttention: [[2, 1], { bias: false, causal: true, dropout: 0.5 }],
    TransformerBlock: [[2, 1], { causal: true, norm: "post", hidden: 3, activation: selu, dropout: 0.5, epsilon: 1 }], // biome-ignore format: one line
  };
  test.each(Object.entries(cases))("%s", (name, [args, options]) => {
    const needsRng = JSON.stringify(LAYERS[name]()).includes("weight");
    const json = (given: object): string => {
      const drawn = needsRng ? { rng: createRng(1) } : {};
      return JSON.stringify(new (classOf(name))(...args, { ...drawn, ...given }));
    };
    const standard = json({});
    for (const [option, value] of Object.entries(options)) {
      const other = json({ [option]: value });
      expect(other, option).not.toBe(standard);
      if (typeof value === "function") expect(other).toContain(`"${(value as typeof selu).spec.name}"`);
    }
  });
});

describe("R15: a field that is assigned counts or gives an error", () => {
  /** Fields that `forward` and others read: what is assigned counts. */
  const COUNTS: Record<string, string> = {
    History: "stopped",
  };
  test.each([...Object.entries(OPTIMIZERS), ...Object.entries(OTHERS)])("%s", (name, make) => {
    for (const field of fieldsOf(make())) {
      if (COUNTS[name] === field) continue;
      expect(() => Object.assign(make(), { [field]: "x" }), field).toThrow(/assign|read only|getter/);
    }
  });

  const inputs: readonly gradus.Tensor[] = [[1, 2], [4, 2], [2, 4, 2], [1, 4, 4, 2]].map((shape) => createRng(3).uniform(shape, { low: 0, high: 2 })); // biome-ignore format: one line
  /** What a layer gives for these inputs, in training and evaluation; errors as their text. */
  const outputsOf = (layer: object): string =>
    inputs
      .flatMap((x) =>
        [undefined, { train: true, rng: createRng(1) } as const].map((mode) => [x, mode] as const),
      )
      .map(([x, mode]) => {
        try {
          return JSON.stringify((layer as gradus.Layer).forward(x.floor(), mode));
        } catch (error) {
          return `${error}`;
        }
      })
      .join();

  test.each(Object.entries(LAYERS))("%s", (_, make) => {
    for (const field of fieldsOf(make())) {
      const layer = make();
      if (field === "cloning") continue;
      const before = outputsOf(layer);
      const old = (layer as Readonly<Record<string, unknown>>)[field];
      try {
        Object.assign(layer, { [field]: typeof old === "boolean" ? !old : "x" });
      } catch (error) {
        expect(`${error}`).toMatch(/read only/);
        continue;
      }
      expect(outputsOf(layer), `${field} is assigned, and nothing changes`).not.toBe(before);
    }
  });
});

/** The public names of an object that hold something. */
function fieldsOf(object: object): string[] {
  const names = new Set(Object.keys(object));
  for (let p = Object.getPrototypeOf(object); p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(p)))
      if (get) names.add(name);
  }
  for (const internal of ["cloning", "storage", "settings"]) names.delete(internal);
  return [...names];
}
