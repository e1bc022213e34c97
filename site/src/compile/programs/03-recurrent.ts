// A training step of a GRU over 3 steps of time: the loop over time is unrolled into the plan.
import { Adam, backward, createRng, Dense, GRU, mse, namedParameters, Sequential, type Tensor } from "gradus";

export function make() {
  const rng = createRng("compile");
  const net = new Sequential(new GRU(2, 8, { rng }), new Dense(8, 1, { rng }));
  const adam = new Adam(namedParameters(net), { learningRate: 0.01 });
  const step = (series: Tensor, next: Tensor): Tensor => {
    const loss = mse(net.forward(series), next);
    adam.step(backward(loss));
    return loss;
  };
  return { net, step, args: [rng.normal([4, 3, 2]), rng.normal([4, 1])] as const };
}
