import { readFileSync } from "node:fs";
import { backward, createRng, crossEntropy, selu, sizeOf, type Tensor, tensor } from "@gradus/core";
import { compile } from "@gradus/engine";
import { Conv2d, Dense, Flatten, MaxPool2d, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { expect, test } from "vitest";

interface Trajectory {
  readonly losses: readonly number[];
  readonly parameters: Readonly<Record<string, Readonly<{ sum: number; squares: number; first: number[] }>>>;
}

/** Computed by PyTorch; see fixtures/lenet.py. */
const { losses, parameters }: Trajectory = JSON.parse(
  readFileSync(new URL("fixtures/lenet.json", import.meta.url), "utf8"),
);

const BATCH = 6;

/** The numbers of the generator in lenet.py. */
function generator(): (shape: readonly number[], scale: number) => Tensor {
  let state = 1;
  return (shape, scale) => {
    const values = new Float64Array(sizeOf(shape));
    for (let i = 0; i < values.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      values[i] = (state / 2 ** 32 - 0.5) * scale;
    }
    return tensor(values, shape);
  };
}

test.each(["compiled", "op by op"])("15 steps of a LeNet are those of PyTorch, %s", (way) => {
  const draw = generator();
  const images = draw([BATCH, 28, 28, 1], 4);
  const labels = tensor(Array.from({ length: BATCH }, (_, i) => i % 10));
  const rng = createRng("replaced");
  const net = new Sequential(
    new Conv2d(1, 8, 5, { rng, activation: selu }),
    new MaxPool2d(2),
    new Conv2d(8, 16, 5, { rng, activation: selu }),
    new MaxPool2d(2),
    new Flatten(),
    new Dense(256, 120, { rng, activation: selu }),
    new Dense(120, 10, { rng }),
  );
  const named = namedParameters(net);
  for (const [, parameter] of named) parameter.assign(draw(parameter.shape, 0.25));
  const sgd = new SGD(named, { learningRate: 0.05, momentum: 0.9 });
  const step = (x: Tensor, y: Tensor): Tensor => {
    const loss = crossEntropy(net.forward(x), y);
    sgd.step(backward(loss));
    return loss;
  };
  const run = way === "compiled" ? compile(step) : step;
  for (const expected of losses) expectNear(run(images, labels).item(), expected);
  expect(named.map(([name]) => name)).toEqual(Object.keys(parameters));
  for (const [name, { data }] of named) {
    const { sum, squares, first } = parameters[name];
    expectNear(
      data.reduce((total, value) => total + value, 0),
      sum,
    );
    expectNear(
      data.reduce((total, value) => total + value * value, 0),
      squares,
    );
    first.forEach((value, i) => {
      expectNear(data[i], value);
    });
  }
});

function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThanOrEqual(
    1e-9 * (1 + Math.abs(expected)),
  );
}
