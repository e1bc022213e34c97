/**
 * 00: a complete training in one short file. A net of 17 numbers learns XOR; it uses only the files that ARCHITECTURE.md
 * lists as the heart.
 *
 * The net is a class whose fields are its parameters. `backward` gives their gradients, `gradcheck` compares gradients
 * with finite differences, and `descend` makes one step of gradient descent.
 */
import { add, backward, matmul, mul, Parameter, relu, sub, sum, type Tensor, tensor } from "@gradus/core";
import { gradcheck } from "@gradus/core/testing";
import { type Layer, namedParameters } from "@gradus/nn";
import { descend } from "@gradus/optim";

/** out = relu(x·W + b)·V + c.  Shapes: x [n, 2] → [n, 1]. */
class Net implements Layer {
  readonly W: Parameter = new Parameter(tensor([0.6, -0.5, 0.4, -0.7, 0.5, 0.7, -0.6, -0.3], [2, 4]));
  readonly b: Parameter = new Parameter([0.1, 0.1, 0.1, 0.1]);
  readonly V: Parameter = new Parameter([[0.5], [-0.4], [0.6], [0.3]]);
  readonly c: Parameter = new Parameter([0]);

  forward(x: Tensor): Tensor {
    return add(matmul(relu(add(matmul(x, this.W), this.b)), this.V), this.c);
  }
}

const inputs = tensor([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
const targets = tensor([[0], [1], [1], [0]]);

/** The sum of the squared errors. */
function errorOf(output: Tensor): Tensor {
  const error = sub(output, targets);
  return sum(mul(error, error));
}

export function main({ steps = 300 }: { steps?: number } = {}): { losses: number[]; outputs: number[] } {
  const net = new Net();
  gradcheck((x) => errorOf(net.forward(x)), [inputs], { name: "the error of the net" });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = errorOf(net.forward(inputs));
    descend(namedParameters(net), backward(loss), 0.1);
    losses.push(loss.item());
  }
  const outputs = [...net.forward(inputs).data];
  outputs.forEach((output, i) => {
    console.log(`${inputs.data[2 * i]} xor ${inputs.data[2 * i + 1]} = ${output.toFixed(3)}`);
  });
  return { losses, outputs };
}
