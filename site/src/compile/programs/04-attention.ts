// A training step of one causal transformer block over 6 positions.
import { Adam, backward, createRng, mse, namedParameters, type Tensor, TransformerBlock } from "gradus";

export function make() {
  const rng = createRng("compile");
  const net = new TransformerBlock(8, 2, { causal: true, rng });
  const adam = new Adam(namedParameters(net), { learningRate: 0.01 });
  const step = (x: Tensor, target: Tensor): Tensor => {
    const loss = mse(net.forward(x), target);
    adam.step(backward(loss));
    return loss;
  };
  return { net, step, args: [rng.normal([2, 6, 8]), rng.normal([2, 6, 8])] as const };
}
