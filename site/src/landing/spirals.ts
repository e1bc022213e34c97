import {
  Adam,
  backward,
  compile,
  createRng,
  crossEntropy,
  Dense,
  hashTensors,
  namedParameters,
  Sequential,
  selu,
  spirals,
} from "gradus";

const rng = createRng("see it learn");
export const points = spirals({ rng }).all(); // 200 points of two classes
export const net = new Sequential(
  new Dense(2, 16, { rng, activation: selu }),
  new Dense(16, 16, { rng, activation: selu }),
  new Dense(16, 2, { rng }),
);
const adam = new Adam(namedParameters(net), { learningRate: 0.03 });
export const step = compile(() => {
  const loss = crossEntropy(net.forward(points.inputs), points.targets);
  adam.step(backward(loss));
  return loss;
});
export const hash = (): string => hashTensors(namedParameters(net));
