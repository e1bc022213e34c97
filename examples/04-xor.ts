/**
 * 04: a function that no single layer can represent.
 *
 * XOR is not linearly separable; one hidden layer of eight units is enough.
 */
import { backward, createRng, mse, relu, tensor } from "@gradus/core";
import { Dense, namedParameters, Sequential } from "@gradus/nn";
import { descend } from "@gradus/optim";

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
    relu,
    new Dense(8, 1, { rng: rng.split("output") }),
  );
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = mse(net.forward(x), y);
    descend(namedParameters(net), backward(loss), 0.2);
    losses.push(loss.item());
  }

  const outputs = [...net.forward(x).data];
  outputs.forEach((output, i) => {
    console.log(`${x.data[2 * i]} xor ${x.data[2 * i + 1]} = ${output.toFixed(3)}`);
  });
  return { losses, outputs };
}
