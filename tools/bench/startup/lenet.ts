/** A program of core, nn and optim without the engine that trains a LeNet, for measuring its size. */
import { backward, createRng, crossEntropy, selu, tensor } from "@gradus/core";
import { Conv2d, Dense, Flatten, MaxPool2d, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";

const rng = createRng(1);
const net = new Sequential(
  new Conv2d(1, 8, 5, { rng, activation: selu }),
  new MaxPool2d(2),
  new Conv2d(8, 16, 5, { rng, activation: selu }),
  new MaxPool2d(2),
  new Flatten(),
  new Dense(256, 120, { rng, activation: selu }),
  new Dense(120, 10, { rng }),
);
const sgd = new SGD(namedParameters(net));
const images = rng.normal([1, 28, 28, 1]);
const labels = tensor([3]);
for (let step = 0; step < 2; step++) {
  const loss = crossEntropy(net.forward(images), labels);
  sgd.step(backward(loss));
  console.log(loss.item());
}
