// One neuron: a weighted sum of its inputs, a bias, SELU, and the squared distance to a target.
import { backward, Parameter, selu, tensor } from "gradus";

const x = tensor([1, -2, 0.5]);
const weight = new Parameter([0.4, 0.1, -0.6]);
const bias = new Parameter(0.2);
const sum = x.mul(weight).sum().add(bias);
const y = selu(sum);
const loss = y.sub(1).square();
backward(loss);
