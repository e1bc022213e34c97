// One head of attention over three positions, causal: a position sees itself and those before it.
import { backward, scaledDotProductAttention, tensor, variable } from "gradus";

const query = variable(tensor([[1, 0], [0, 1], [1, 1]]));
const key = variable(tensor([[1, 0], [1, 1], [0, 1]]));
const value = variable(tensor([[1, 2], [3, 4], [5, 6]]));
const mixed = scaledDotProductAttention(query, key, value, { causal: true });
const sum = mixed.square().mean();
backward(sum);
