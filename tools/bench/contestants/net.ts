/** The works, implemented with gradus. */
import {
  arange,
  backward,
  createRng,
  crossEntropy,
  mse,
  type NamedParameter,
  type Rng,
  reshape,
  type Tensor,
  tensor,
} from "@gradus/core";
import {
  AlphaDropout,
  Conv2d,
  Dense,
  Embedding,
  Flatten,
  GRU,
  type Layer,
  LayerNorm,
  LearnedPositions,
  MaxPool2d,
  namedParameters,
  ReLU,
  SELU,
  Sequential,
  Tanh,
  TransformerBlock,
} from "@gradus/nn";
import { Adam, RMSprop, SGD } from "@gradus/optim";
import type { Net, OptimizerSpec, Transformer, Work } from "../works.ts";

/** A step or a forward pass, and tensors to call it with. */
export interface Task {
  readonly fn: (x: Tensor, target: Tensor) => Tensor;
  readonly args: readonly (readonly [x: Tensor, target: Tensor])[];
}

/** Several batches, so that no net overfits a single one: vanishing (subnormal) gradients are slow. */
const BATCHES = 8;

export function task(work: Work): Task {
  const rng = createRng("bench");
  const net = buildNet(work.net, rng.split("weights"));
  const args = Array.from({ length: BATCHES }, () => data(work, rng));
  if (work.kind === "inference") return { fn: (x) => net.forward(x), args };
  const optimizer = buildOptimizer(work.optimizer, namedParameters(net));
  const lossOf = work.loss === "mse" ? mse : crossEntropy;
  const fn = (x: Tensor, target: Tensor): Tensor => {
    const loss = lossOf(net.forward(x, { train: true, rng }), target);
    optimizer.step(backward(loss));
    return loss;
  };
  return { fn, args };
}

const activations = { selu: SELU, tanh: Tanh, relu: ReLU };

export function buildNet(net: Net, rng: Rng): Sequential {
  const { sizes, activation, dropout, convolutions, recurrent, transformer } = net;
  const Active = activations[activation];
  const layers = sizes.slice(1).flatMap((size, i): Layer[] => {
    const dense = new Dense(sizes[i], size, { rng: rng.split(`dense ${i}`) });
    if (i === sizes.length - 2) return [dense];
    return dropout > 0 ? [dense, new Active(), new AlphaDropout(dropout)] : [dense, new Active()];
  });
  if (recurrent) {
    const { features, size } = recurrent;
    return new Sequential(new GRU(features, size, { rng: rng.split("gru") }), ...layers);
  }
  if (transformer) {
    const positions = (x: Tensor): Tensor => reshape(x, { shape: [-1, transformer.size] });
    return new Sequential(
      ...transformerLayers(transformer, sizes[sizes.length - 1], rng),
      positions,
      ...layers,
    );
  }
  if (!convolutions) return new Sequential(...layers);
  const { image, outputs, kernel, pool } = convolutions;
  const first = outputs.flatMap((channels, i): Layer[] => [
    new Conv2d(i === 0 ? image[2] : outputs[i - 1], channels, kernel, { rng: rng.split(`conv ${i}`) }),
    new Active(),
    new MaxPool2d(pool),
  ]);
  return new Sequential(...first, new Flatten(), ...layers);
}

function transformerLayers(spec: Transformer, vocabulary: number, rng: Rng): Layer[] {
  const { time, size, heads, blocks } = spec;
  return [
    new Embedding(vocabulary, size, { rng: rng.split("embedding") }),
    new LearnedPositions(time, size, { rng: rng.split("positions") }),
    ...Array.from(
      { length: blocks },
      (_, i) => new TransformerBlock(size, heads, { rng: rng.split(`block ${i}`), causal: true }),
    ),
    new LayerNorm(size),
  ];
}

function buildOptimizer(spec: OptimizerSpec, parameters: readonly NamedParameter[]): SGD | RMSprop | Adam {
  const { name, ...options } = spec;
  if (name === "sgd") return new SGD(parameters, options);
  return name === "adam" ? new Adam(parameters, options) : new RMSprop(parameters, options);
}

function data({ net, batch, loss }: Work, rng: Rng): [x: Tensor, target: Tensor] {
  if (loss === "mse") {
    return [tensor([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), tensor([0, 1, 1, 0], [4, 1])];
  }
  const classes = net.sizes[net.sizes.length - 1];
  const { convolutions, recurrent, transformer } = net;
  const numbers = (count: number, factor: number): Tensor => {
    const all = arange(count);
    all.assign(all.data.map((i) => (factor * i) % classes));
    return all;
  };
  if (transformer) {
    const count = batch * transformer.time;
    return [reshape(numbers(count, 5), { shape: [batch, transformer.time] }), numbers(count, 7)];
  }
  const shape = convolutions?.image ?? (recurrent ? [recurrent.time, recurrent.features] : [net.sizes[0]]);
  return [rng.normal([batch, ...shape]), numbers(batch, 7)];
}
