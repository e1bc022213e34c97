import {
  backward,
  createRng,
  mse,
  Parameter,
  type Tensor,
  tanh,
  type UpdateSpec,
  update,
  zeros,
} from "@gradus/core";

export const descend: UpdateSpec = {
  name: "descend",
  run: ([g], [x]) => {
    for (let i = 0; i < x.length; i++) x[i] -= 0.1 * g[i];
  },
};

/** A net of two layers and its training step. */
export function trainer(): {
  parameters: Parameter[];
  step: (x: Tensor, target: Tensor) => { loss: Tensor; y: Tensor };
} {
  const rng = createRng(1);
  const parameters = [
    new Parameter(rng.normal([3, 4])),
    new Parameter(zeros([4])),
    new Parameter(rng.normal([4, 2])),
  ];
  const [w, b, v] = parameters;
  const step = (x: Tensor, target: Tensor): { loss: Tensor; y: Tensor } => {
    const y = tanh(x.matmul(w).add(b)).matmul(v);
    const loss = mse(y, target);
    const gradients = backward(loss);
    for (const p of parameters) update(descend, [gradients.of(p)], [p], undefined);
    return { loss, y };
  };
  return { parameters, step };
}

/** Tensors with names for a hash. */
export const named = (tensors: readonly Tensor[]): [string, Tensor][] =>
  tensors.map((x, i) => [String(i), x]);
