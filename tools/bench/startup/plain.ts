/** A program of core, nn and optim without the engine that learns XOR, for measuring its size. */
import { backward, createRng, mse, tensor } from "@gradus/core";
import { Dense, namedParameters, Sequential, Tanh } from "@gradus/nn";
import { SGD } from "@gradus/optim";

const rng = createRng("bench");
const net = new Sequential(new Dense(2, 8, { rng }), new Tanh(), new Dense(8, 1, { rng }));
const sgd = new SGD(namedParameters(net), { learningRate: 0.1 });
const [inputs, targets] = [tensor([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), tensor([0, 1, 1, 0], [4, 1])];
for (let step = 0; step < 500; step++) {
  const loss = mse(net.forward(inputs), targets);
  sgd.step(backward(loss));
  if (step === 0) console.log("first step:", loss.item());
}
