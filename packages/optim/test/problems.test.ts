import { backward, createRng, matmul, Parameter, square, sub, sum, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { CONSTRUCTORS, parameter, VARIANTS } from "./support.ts";

interface Problem {
  readonly name: string;
  readonly steps: number;
  /** The loss at the end, relative to the one at the start. */
  readonly reduction: number;
  readonly setUp: () => { parameters: Parameter[]; loss: () => Tensor };
}

const PROBLEMS: readonly Problem[] = [
  {
    name: "a quadratic bowl, ten times as steep along one axis",
    steps: 200,
    reduction: 0.01,
    setUp: () => {
      const x = parameter([2, -1]);
      const steepness = tensor([1, 10]);
      return { parameters: [x], loss: () => sum(steepness.mul(square(x))).mul(0.5) };
    },
  },
  {
    name: "Rosenbrock's curved valley",
    steps: 500,
    reduction: 0.2,
    setUp: () => {
      const x = parameter(-1);
      const y = parameter(1.5);
      // A tenth of (1 − x)² + 100 (y − x²)², so that one set of learning rates suits all problems.
      return {
        parameters: [x, y],
        loss: () =>
          square(sub(1, x))
            .add(square(y.sub(square(x))).mul(10))
            .mul(0.1),
      };
    },
  },
  {
    name: "linear regression, weight and bias",
    steps: 200,
    reduction: 0.01,
    setUp: () => {
      const inputs = createRng("regression").normal([16, 3]);
      const targets = matmul(inputs, tensor([[1], [-2], [0.5]])).add(0.3);
      const weight = new Parameter(tensor([[0], [0], [0]]));
      const bias = parameter([0]);
      const loss = () => sum(square(matmul(inputs, weight).add(bias).sub(targets))).div(16);
      return { parameters: [weight, bias], loss };
    },
  },
];

describe.each(PROBLEMS.map((problem) => [problem.name, problem] as const))("%s", (_, problem) => {
  test.each(VARIANTS)("%s descends", (_name, optimizer, options) => {
    const { parameters, loss } = problem.setUp();
    const start = loss().item();
    const driver = new CONSTRUCTORS[optimizer](
      parameters.map((x, i) => [`x${i}`, x] as const),
      options,
    );
    for (let step = 0; step < problem.steps; step++) driver.step(backward(loss()));
    expect(loss().item()).toBeLessThan(problem.reduction * start);
    expect(driver.stepCount).toBe(problem.steps);
  });
});
