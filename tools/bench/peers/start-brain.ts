/** The first pass over XOR of a program that uses brain.js. */
import brain from "brain.js/dist/browser.js";

const net = new brain.NeuralNetwork({ inputSize: 2, hiddenLayers: [8], outputSize: 1, activation: "tanh" });
const rows = [
  { input: [0, 0], output: [0] },
  { input: [0, 1], output: [1] },
  { input: [1, 0], output: [1] },
  { input: [1, 1], output: [0] },
];
console.log("first step:", net.train(rows, { iterations: 1, learningRate: 0.1 }).error);
