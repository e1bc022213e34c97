import {
  elu,
  grad,
  leakyRelu,
  relu,
  selu,
  sigmoid,
  type Tensor,
  type TensorFunction,
  tensor,
} from "@gradus/core";
import { prelu, RReLU } from "@gradus/nn";

/** An element-wise function. */
export interface Activation {
  /** In the name of its figure. */
  readonly id: string;
  readonly name: string;
  readonly f: TensorFunction;
}

/** The initial slope of a PReLU: the paper's value. */
export const PRELU_START = 0.25;

/** The activation functions compared here, with the slopes they are compared at. */
export const activations: readonly Activation[] = [
  { id: "selu", name: "SELU", f: selu },
  { id: "sigmoid", name: "Sigmoid", f: sigmoid },
  { id: "relu", name: "ReLU", f: relu },
  { id: "leaky-relu", name: "Leaky ReLU (0.01)", f: (x) => leakyRelu(x, { slope: 0.01 }) },
  { id: "prelu", name: "PReLU (0.25)", f: (x) => prelu(x, tensor([PRELU_START])) },
  { id: "rrelu", name: "RReLU (mean slope)", f: (x) => new RReLU().forward(x) },
  { id: "elu", name: "ELU", f: elu },
];

/** The slope of f at every element: each result depends only on its own x, so the gradient of their sum has all slopes. */
export function slopeOf(f: TensorFunction): TensorFunction {
  return grad((x: Tensor) => f(x).sum());
}
