import { backward, createRng, mse, ops, type Tensor } from "@gradus/core";
import { namedParameters } from "@gradus/nn";
import { Adam, Plateau } from "@gradus/optim";
import { bitsOf, smallNet } from "../../support.ts";

/** The parts of a training loop without `fit`: every kind of object that has a state. */
export function loop(seed: string) {
  const net = smallNet(seed);
  const plateau = new Plateau(0.1, { patience: 0 });
  const optimizer = new Adam(namedParameters(net), { learningRate: plateau.schedule });
  const rng = createRng("data").split(seed);
  const parts = { net, optimizer, plateau, rng };
  const train = (steps: number): void => {
    for (let i = 0; i < steps; i++) {
      const x = rng.normal([4, 2]);
      const loss: Tensor = mse(net.forward(x, { train: true, rng }), ops.square(x));
      optimizer.step(backward(loss));
      plateau.observe(loss.item());
    }
  };
  return { parts, train, bits: () => [bitsOf(net), plateau.rate, rng.state().position] };
}
