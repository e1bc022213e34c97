import { permute, reshape, slice, type Tensor } from "@gradus/core";

/**
 * The steps of sequences: [n, time, size] → `time` tensors [n, size].
 *
 * By halves: the gradient of a slice has the size of what it was taken from. So all gradients together take time·log₂(time)
 * copies of a step, not time².
 */
export function stepsOf(x: Tensor): Tensor[] {
  return halves(permute(x, { axes: [1, 0, 2] }));
}

function halves(x: Tensor): Tensor[] {
  const [time, ...step] = x.shape;
  if (time === 1) return [reshape(x, { shape: step })];
  const middle = time >> 1;
  return [...halves(slice(x, { axis: 0, end: middle })), ...halves(slice(x, { axis: 0, start: middle }))];
}
