import { createRng, ones, selu, zeros } from "@gradus/core";
import { type Calls, describeExtraArguments } from "../../core/test/extra-arguments.ts";
import { describeHostile } from "../../core/test/hostile.ts";
import * as nn from "../src/index.ts";

const rng = createRng("extra");
const shape = [3, 2];
const x = ones([2, 3]);

const plain = ["ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Sigmoid", "LogSigmoid", "Tanh", "Softsign"] as const;
const withOptions = [
  ...["CELU", "ELU", "GELU", "Hardtanh", "LeakyReLU", "LogSoftmax", "RReLU", "Softmax", "Softplus"],
] as const;
const initializers = [
  ...["lecunNormal", "lecunNormalTruncated", "lecunUniform", "glorotNormal", "glorotNormalTruncated"],
  ...["glorotUniform", "heNormal", "heNormalTruncated", "heUniform"],
] as const;

const [images, sequences] = [ones([2, 5, 5, 2]), ones([2, 4, 3])];

const calls: Calls = {
  ...Object.fromEntries(plain.map((name) => [name, () => [{}]])),
  ...Object.fromEntries(withOptions.map((name) => [name, () => [{}]])),
  ...Object.fromEntries(initializers.map((name) => [name, () => [shape, rng]])),
  AlphaDropout: () => [0.1, {}],
  alphaDropout: () => [x, { p: 0.1, rng }],
  attentionWeights: () => [sequences, sequences, {}],
  avgPool1d: () => [sequences, { kernel: 2 }],
  avgPool2d: () => [images, { kernel: 2 }],
  ...Object.fromEntries(
    ["MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d"].map((name) => [name, () => [2, {}]]),
  ),
  BatchNorm: () => [3, {}],
  bernoulliMask: () => [{ shape, probability: 0.5, rng }],
  Bidirectional: () => [new nn.GRU(3, 2, { rng }), new nn.GRU(3, 2, { rng })],
  constantInit: () => [0.1],
  conv1d: () => [sequences, ones([2, 3, 1]), {}],
  Conv1d: () => [1, 2, 3, { rng }],
  Conv2d: () => [1, 2, 3, { rng }],
  ConvTranspose2d: () => [1, 2, 3, { rng }],
  conv2d: () => [images, ones([3, 3, 2, 1]), {}],
  convTranspose1d: () => [sequences, ones([2, 1, 3]), {}],
  convTranspose2d: () => [images, ones([3, 3, 1, 2]), {}],
  Dense: () => [3, 2, { rng }],
  Dropout: () => [0.5],
  dropout: () => [x, { p: 0.1, rng }],
  Embedding: () => [3, 2, { rng }],
  FeatureAlphaDropout: () => [0.1, {}],
  featureAlphaDropout: () => [x, { p: 0.1, rng }],
  Flatten: () => [],
  FunctionLayer: () => [selu],
  GlobalAveragePool: () => [],
  GroupNorm: () => [1, 2, {}],
  groupNorm: () => [x, ones([3]), ones([3]), { groups: 1 }],
  GRU: () => [3, 2, { rng }],
  LayerNorm: () => [3, {}],
  layerOutputs: () => [new nn.Sequential(selu), x, undefined],
  LearnedPositions: () => [4, 3, { rng }],
  LSTM: () => [3, 2, { rng }],
  maxPool1d: () => [sequences, { kernel: 2 }],
  maxPool2d: () => [images, { kernel: 2 }],
  MultiHeadAttention: () => [4, 2, { rng }],
  normal: () => [{ mean: 0, std: 1 }],
  orthogonal: () => [{}],
  PReLU: () => [1, {}],
  prelu: () => [x, ones([1])],
  rrelu: () => [x, { rng }],
  runningAverage: () => [zeros([2]), { into: zeros([2]), momentum: 0.5 }],
  scaledDotProductAttention: () => [sequences, sequences, sequences, {}],
  sequenceMask: () => [ones([2]), { time: 3 }],
  SimpleRNN: () => [3, 2, { rng }],
  SinusoidalPositions: () => [4],
  TransformerBlock: () => [4, 2, { rng }],
  Upsample: () => [2],
  upsample: () => [images, { factor: 2 }],
  uniform: () => [{ low: 0, high: 1 }],
  uniformNoise: () => [{ shape, low: 0, high: 1, rng }],
};

const author = "for authors of layers";
const callback = "often given to map, which passes an index and the array";
const authors: Calls = {
  alphaDropoutCoefficients: () => [0.1, [0, 1]],
  fansOf: () => [[2, 3], "f"],
  initialize: () => ["f", nn.heNormal, [2, 3], rng],
  trainingRng: () => [{ train: true, rng }, new nn.Dropout(0.1)],
  layerName: () => [new nn.ReLU()],
  layersInOrder: () => [new nn.Sequential(selu)],
  namedLayers: () => [new nn.Sequential(selu)],
  namedParameters: () => [new nn.Dense(1, 1, { rng })],
  namedTensors: () => [new nn.Dense(1, 1, { rng })],
  Sequential: () => [selu, new nn.Dense(1, 1, { rng })],
  "sequential.forward": () => {
    const net = new nn.Sequential(new nn.Dense(3, 1, { rng }), selu, new nn.Dropout(0.5));
    return [net.forward.bind(net) as never, x, { train: true, rng }];
  },
  "init.forward": () => [(init: never) => new nn.Dense(2, 3, { rng, init }), () => ones([2, 3])],
  "initResult.forward": () => [
    (value: never) => new nn.Dense(2, 3, { rng, init: () => value }),
    ones([2, 3]),
  ],
  "biasResult.forward": () => [
    (value: never) => new nn.Dense(2, 3, { rng, biasInit: () => value }),
    ones([3]),
  ],
  "activation.forward": () => [
    (activation: never) => new nn.Dense(3, 3, { rng, activation }).forward(x),
    selu,
  ],
  "activationResult.forward": () => [
    (value: never) => new nn.Dense(3, 3, { rng, activation: () => value }).forward(x),
    x,
  ],
  "convResult.forward": () => [
    (value: never) => new nn.Conv2d(2, 3, 3, { rng, activation: () => value }).forward(images),
    x,
  ],
  "layerResult.forward": () => [
    (value: never) => new nn.Sequential(new nn.Dense(3, 3, { rng }), () => value).forward(x),
    x,
  ],
  "gru.forward": () => {
    const gru = new nn.GRU(3, 2, { rng });
    return [gru.forward.bind(gru) as never, sequences, { train: true, rng }];
  },
};
describeHostile(nn, { ...calls, ...authors }, [
  [/\(…\)\.(stepOf|text|become|take)$/, "for gradus itself"],
  [
    /^layerName, argument 1$/,
    "it is called while errors are written, and gives the text of any object that has one",
  ],
]);

describeExtraArguments(nn, calls, {
  alphaDropoutCoefficients: author,
  fansOf: author,
  initialize: author,
  trainingRng: author,
  layerName: callback,
  layersInOrder: callback,
  namedLayers: callback,
  namedParameters: callback,
  namedTensors: callback,
  Sequential: "takes any number of layers",
});
