// A 2 × 2 kernel slides over a 3 × 3 image: each weight gets the sum over the four places where it was used.
import { backward, conv2d, tensor, variable } from "gradus";

const image = tensor([[[[1], [2], [0]], [[0], [1], [3]], [[2], [1], [0]]]]);
const kernel = variable(tensor([[[[1]], [[0]]], [[[-1]], [[2]]]]));
const filtered = conv2d(image, kernel);
const sum = filtered.square().sum();
backward(sum);
