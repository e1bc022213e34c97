/** The first XOR step of a program that uses gradus: `eager` or `compiled`. */
import { backward, createRng, mse, type Tensor, tensor } from "@gradus/core";
import { compile } from "@gradus/engine";
import { Dense, namedParameters, Sequential, Tanh } from "@gradus/nn";
import { SGD } from "@gradus/optim";

const rng = createRng("bench");
const net = new Sequential(new Dense(2, 8, { rng }), new Tanh(), new Dense(8, 1, { rng }));
const sgd = new SGD(namedParameters(net), { learningRate: 0.1 });
const eager = (x: Tensor, target: Tensor): Tensor => {
  const loss = mse(net.forward(x), target);
  sgd.step(backward(loss));
  return loss;
};
const step = process.argv[2] === "compiled" ? compile(eager) : eager;
console.log(
  "first step:",
  step(tensor([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), tensor([0, 1, 1, 0], [4, 1])).item(),
);
