/** A program that trains a self-normalizing classifier, for measuring its size. */
import { backward, createRng, crossEntropy, type Tensor, tensor } from "@gradus/core";
import { compile } from "@gradus/engine";
import { AlphaDropout, Dense, namedParameters, SELU, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";

const rng = createRng("bench");
const net = new Sequential(
  new Dense(2, 8, { rng }),
  new SELU(),
  new AlphaDropout(0.1),
  new Dense(8, 2, { rng }),
);
const adam = new Adam(namedParameters(net), { learningRate: 0.01 });
const step = compile((x: Tensor, labels: Tensor): Tensor => {
  const loss = crossEntropy(net.forward(x), labels);
  adam.step(backward(loss));
  return loss;
});
console.log("first step:", step(tensor([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), tensor([0, 1, 1, 0])).item());
