// A row is added to each row of a matrix. Its gradient is the sum over the rows that used it.
import { backward, tensor, variable } from "gradus";

const matrix = variable(tensor([[1, 2, 3], [4, 5, 6]]));
const row = variable(tensor([10, 20, 30]));
const sum = matrix.add(row);
const y = sum.square().mean();
backward(y);
