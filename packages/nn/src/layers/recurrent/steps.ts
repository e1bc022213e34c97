import { permute, reshape, slice, type Tensor } from "@gradus/core";

/**
 * The steps of sequences: [n, time, size] → `time` tensors [n, size].
 *
 * A constant is cut step by step. Else by halves: the gradient of a slice has the size of what it was taken from. So all gradients
 * together take time·log₂(time) copies of a step, not time².
 */
export function stepsOf(x: Tensor): Tensor[] {
  const [n, time, size] = x.shape;
  if (x.tracked) return halves(permute(x, { axes: [1, 0, 2] }));
  return Array.from({ length: time }, (_, t) =>
    reshape(slice(x, { axis: 1, start: t, end: t + 1 }), { shape: [n, size] }),
  );
}

function halves(x: Tensor): Tensor[] {
  const [time, ...step] = x.shape;
  if (time === 1) return [reshape(x, { shape: step })];
  const middle = time >> 1;
  return [...halves(slice(x, { axis: 0, end: middle })), ...halves(slice(x, { axis: 0, start: middle }))];
}
