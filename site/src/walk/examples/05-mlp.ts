// A net of two layers on one point, with cross entropy. Depth "layers" shows it as two boxes.
import { backward, createRng, crossEntropy, Dense, Sequential, tanh, tensor } from "gradus";

const rng = createRng("walk");
const net = new Sequential(new Dense(2, 3, { rng, activation: tanh }), new Dense(3, 2, { rng }));
const x = tensor([[0.5, -1]]);
const target = tensor([1]);
const logits = net.forward(x);
const loss = crossEntropy(logits, target);
backward(loss);
