import {
  div,
  exp,
  linear,
  log,
  matmul,
  mse,
  mul,
  pow,
  reciprocal,
  softmax,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
} from "../../src/index.ts";

export const big = 1e200;

interface Fault {
  readonly name: string;
  readonly run: () => Tensor;
  readonly op: string;
  readonly index: readonly number[];
  readonly value: number;
  readonly operands: readonly (number | readonly [number, number])[];
  readonly inner?: string;
}

/** The ways in which numbers stop being finite in the forward pass. */
export const faults: readonly Fault[] = [
  {
    name: "log of 0",
    run: () =>
      log(
        tensor([
          [1, 2],
          [0, 0],
        ]),
      ),
    op: "log",
    index: [1, 0],
    value: -Infinity,
    operands: [0],
  },
  {
    name: "log of a negative number",
    run: () => log(tensor([1, -1])),
    op: "log",
    index: [1],
    value: NaN,
    operands: [-1],
  },
  {
    name: "1/0",
    run: () => div(tensor([[1, 2]]), tensor([[3], [0]])),
    op: "div",
    index: [1, 0],
    value: Infinity,
    operands: [1, 0],
  },
  { name: "0/0", run: () => div(tensor([0]), 0), op: "div", index: [0], value: NaN, operands: [0, 0] },
  {
    name: "the reciprocal of -0",
    run: () => reciprocal(tensor([-0])),
    op: "reciprocal",
    index: [0],
    value: -Infinity,
    operands: [-0],
  },
  {
    name: "exp overflow",
    run: () => exp(tensor([709, 710])),
    op: "exp",
    index: [1],
    value: Infinity,
    operands: [710],
  },
  {
    name: "the root of a negative number",
    run: () => sqrt(tensor(-1)),
    op: "sqrt",
    index: [],
    value: NaN,
    operands: [-1],
  },
  {
    name: "a power",
    run: () => pow(tensor([-8]), 1 / 3),
    op: "pow",
    index: [0],
    value: NaN,
    operands: [-8, 1 / 3],
  },
  {
    name: "0 to a negative power",
    run: () => pow(tensor([0]), -1),
    op: "pow",
    index: [0],
    value: Infinity,
    operands: [0, -1],
  },
  {
    name: "a product",
    run: () => mul(tensor([1, big]), big),
    op: "mul",
    index: [1],
    value: Infinity,
    operands: [big, big],
  },
  {
    name: "a square",
    run: () => square(tensor([-big])),
    op: "square",
    index: [0],
    value: Infinity,
    operands: [-big],
  },
  {
    name: "a sum of huge numbers",
    run: () => sum(tensor([1e308, 1e308])),
    op: "sum",
    index: [],
    value: Infinity,
    operands: [[1e308, 1e308]],
  },
  {
    name: "a product of matrices, of the shape of its factors",
    run: () =>
      matmul(
        tensor([
          [1, big],
          [3, 4],
        ]),
        tensor([
          [1, 2],
          [3, big],
        ]),
      ),
    op: "matmul",
    index: [0, 1],
    value: Infinity,
    operands: [
      [1, big],
      [1, big],
    ],
  },
  {
    name: "an op inside of a derived one",
    run: () => mse(tensor([1, big]), tensor([1, -big])),
    op: "mse",
    inner: "square",
    index: [1],
    value: Infinity,
    operands: [2 * big],
  },
  {
    name: "the bias of a linear map",
    run: () => linear(tensor([[1]]), tensor([[1e308]]), tensor([1e308])),
    op: "linear",
    inner: "add",
    index: [0, 0],
    value: Infinity,
    operands: [1e308, 1e308],
  },
  {
    name: "the end of a chain: softmax that rounds to 0",
    run: () => log(softmax(tensor([[0, -800]]), { axis: 1 })),
    op: "log",
    index: [0, 1],
    value: -Infinity,
    operands: [0],
  },
];
