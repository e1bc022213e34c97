// A training step of two layers with SELU and cross entropy, Adam, a batch of 8.
import {
  Adam,
  backward,
  createRng,
  crossEntropy,
  Dense,
  namedParameters,
  Sequential,
  selu,
  type Tensor,
} from "gradus";

export function make() {
  const rng = createRng("compile");
  const net = new Sequential(new Dense(4, 16, { rng, activation: selu }), new Dense(16, 3, { rng }));
  const adam = new Adam(namedParameters(net), { learningRate: 0.01 });
  const step = (x: Tensor, classes: Tensor): Tensor => {
    const loss = crossEntropy(net.forward(x), classes);
    adam.step(backward(loss));
    return loss;
  };
  const classes = rng.uniform([8], { low: 0, high: 3 }).floor();
  return { net, step, args: [rng.normal([8, 4]), classes] as const };
}
