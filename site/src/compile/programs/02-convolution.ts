// A training step of a small net of convolutions on images of 12 × 12, SGD with momentum, a batch of 4.
import {
  backward,
  Conv2d,
  createRng,
  crossEntropy,
  Dense,
  Flatten,
  MaxPool2d,
  namedParameters,
  relu,
  Sequential,
  SGD,
  type Tensor,
} from "gradus";

export function make() {
  const rng = createRng("compile");
  const net = new Sequential(
    new Conv2d(1, 4, 3, { rng, activation: relu }),
    new MaxPool2d(2),
    new Flatten(),
    new Dense(100, 3, { rng }),
  );
  const sgd = new SGD(namedParameters(net), { learningRate: 0.05, momentum: 0.9 });
  const step = (images: Tensor, classes: Tensor): Tensor => {
    const loss = crossEntropy(net.forward(images), classes);
    sgd.step(backward(loss));
    return loss;
  };
  const classes = rng.uniform([4], { low: 0, high: 3 }).floor();
  return { net, step, args: [rng.normal([4, 12, 12, 1]), classes] as const };
}
