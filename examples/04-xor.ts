/**
 * 04: a function that no single layer can represent.
 *
 * XOR is not linearly separable; one hidden layer of eight units is enough.
 */
import { backward, bceWithLogits, createRng, tensor } from "@gradus/core";
import { Dense, namedParameters, Sequential, Tanh } from "@gradus/nn";
import { Adam } from "@gradus/optim";

export function main({ steps = 300 }: { steps?: number } = {}): { losses: number[]; outputs: number[] } {
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const y = tensor([[0], [1], [1], [0]]);

  const rng = createRng("xor");
  const net = new Sequential(
    new Dense(2, 8, { rng: rng.split("hidden") }),
    new Tanh(),
    new Dense(8, 1, { rng: rng.split("output") }),
  );
  const adam = new Adam(namedParameters(net), { learningRate: 0.05 });

  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = bceWithLogits(net.forward(x), y);
    adam.step(backward(loss));
    losses.push(loss.item());
  }

  const outputs = [...net.forward(x).sigmoid().data];
  outputs.forEach((output, i) => {
    console.log(`${x.data[2 * i]} xor ${x.data[2 * i + 1]} = ${output.toFixed(3)}`);
  });
  return { losses, outputs };
}
