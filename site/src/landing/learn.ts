import { crossEntropy, type Layer, softmax, type Tensor, tensor } from "gradus";
import { EDGE, LEVELS, type Learning, type Moment, STEPS } from "./learning.ts";

/** The program that trains: spirals.ts. */
export interface Program {
  readonly points: { readonly inputs: Tensor; readonly targets: Tensor };
  readonly net: Layer;
  readonly step: () => Tensor;
  readonly hash: () => string;
}

const rounded = (x: number): number => Number(x.toPrecision(4));

/** Trains, and looks at the net before the first step and after every few steps. Looking changes no bit of it. */
export function learn({ points, net, step, hash }: Program, size: number, every: number): Learning {
  const { inputs, targets } = points;
  const cells = tensor(
    Array.from({ length: size * size }, (_, i) => [
      EDGE * ((2 * (i % size) + 1) / size - 1),
      EDGE * (1 - (2 * Math.floor(i / size) + 1) / size),
    ]),
  );
  const look = (at: number): Moment => {
    const likely = softmax(net.forward(cells), { axis: 1 }).data;
    let levels = "";
    for (let i = 1; i < likely.length; i += 2) levels += Math.min(Math.floor(LEVELS * likely[i]), LEVELS - 1);
    const outputs = net.forward(inputs).data;
    const right = targets.data.reduce(
      (count, label, i) => count + Number((outputs[2 * i + 1] > outputs[2 * i] ? 1 : 0) === label),
      0,
    );
    return { step: at, right, levels };
  };
  const moments = [look(0)];
  const losses: number[] = [];
  for (let i = 1; i <= STEPS; i++) {
    losses.push(rounded(step().item()));
    if (i % every === 0) moments.push(look(i));
  }
  losses.push(rounded(crossEntropy(net.forward(inputs), targets).item()));
  return {
    points: Array.from(targets.data, (label, i) => [
      rounded(inputs.data[2 * i]),
      rounded(inputs.data[2 * i + 1]),
      label,
    ]),
    losses,
    size,
    moments,
    hash: hash(),
  };
}
