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

/** A function that is applied element by element. */
export interface Activation {
  /** In the name of its figure. */
  readonly id: string;
  readonly name: string;
  readonly f: TensorFunction;
}

/** Where a PReLU starts to learn: the paper's value. */
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

/** The slope of f at every element: as each result depends on its own x alone, the gradient of their sum holds them all. */
export function slopeOf(f: TensorFunction): TensorFunction {
  return grad((x: Tensor) => f(x).sum());
}
