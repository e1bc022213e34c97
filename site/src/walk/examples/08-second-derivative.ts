// A rule is written in ops, so the gradient is a graph too, and backward runs through it: f = x³, f′ = 3x², f″ = 6x.
import { backward, tensor, variable } from "gradus";

const x = variable(tensor(2));
const y = x.mul(x).mul(x);
const slope = backward(y, { differentiable: true }).of(x);
backward(slope);
