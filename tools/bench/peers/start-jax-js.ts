/** The first XOR step of a program that uses jax-js, not compiled: `jit` would only take longer. */
import { defaultDevice, init, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";

// biome-ignore lint/suspicious/noExplicitAny: no types without the package
type Any = any;

await init("wasm");
defaultDevice("wasm");
const dense = (seed: number, shape: readonly number[]): Any => ({
  weight: random.normal(random.key(seed), shape).mul(1 / Math.sqrt(shape[0])),
  bias: np.zeros([shape[1]]),
});
const rows = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const [x, y] = [np.array(rows), np.array([[0], [1], [1], [0]])];
const params = [dense(0, [2, 8]), dense(1, [8, 1])];
const lossOf = ([hidden, output]: Any): Any => {
  const h = np.tanh(np.matmul(x.ref, hidden.weight).add(hidden.bias));
  return np.square(np.matmul(h, output.weight).add(output.bias).sub(y.ref)).mean();
};
const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(params));
const updated = tree.map((p: Any, g: Any) => p.sub(g.mul(0.1)), params, gradients);
updated[0].weight.dataSync();
console.log("first step:", loss.dataSync()[0]);
