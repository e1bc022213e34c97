import { type NamedParameter, Parameter, type Tensor, tensor } from "@gradus/core";
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  type GradientSource,
  NAdam,
  type Optimizer,
  RAdam,
  RMSprop,
  SGD,
} from "../src/index.ts";

/** Any optimizer, as far as tests go that treat all of them alike. */
export interface AnyOptimizer {
  readonly stepCount: number;
  step(gradients: GradientSource): void;
  state(): ReturnType<Optimizer<never>["state"]>;
  restore(state: ReturnType<Optimizer<never>["state"]>): void;
}

export type Constructor = new (parameters: readonly NamedParameter[], options?: object) => AnyOptimizer;

export const CONSTRUCTORS = {
  SGD,
  Adam,
  AdamW,
  RMSprop,
  Adagrad,
  Adadelta,
  Adamax,
  NAdam,
  RAdam,
} as unknown as Record<string, Constructor>;

/** Every branch of every update, both presets. */
export const VARIANTS: readonly (readonly [name: string, optimizer: string, options: object])[] = (
  ["torch", "keras"] as const
).flatMap((preset) =>
  (
    [
      ["SGD", "SGD", { learningRate: 0.05 }],
      ["SGD with momentum", "SGD", { learningRate: 0.02, momentum: 0.8 }],
      ["SGD with dampening", "SGD", { learningRate: 0.02, momentum: 0.8, dampening: 0.5 }],
      ["SGD with Nesterov", "SGD", { learningRate: 0.02, momentum: 0.8, nesterov: true }],
      ["SGD with decay", "SGD", { learningRate: 0.05, weightDecay: 1e-4 }],
      ["Adam", "Adam", { learningRate: 0.05 }],
      ["Adam with AMSGrad", "Adam", { learningRate: 0.05, amsgrad: true }],
      ["Adam, clipped", "Adam", { learningRate: 0.05, clip: { globalNorm: 1 } }],
      ["AdamW", "AdamW", { learningRate: 0.05, weightDecay: 1e-4 }],
      ["RMSprop", "RMSprop", { learningRate: 0.01 }],
      ["RMSprop, centered", "RMSprop", { learningRate: 0.01, centered: true, epsilon: 1e-3 }],
      ["RMSprop with momentum", "RMSprop", { learningRate: 0.003, momentum: 0.8 }],
      ["Adagrad", "Adagrad", { learningRate: 0.3 }],
      ["Adadelta", "Adadelta", { learningRate: 0.5, rho: 0.9, epsilon: 1e-3 }],
      ["Adamax", "Adamax", { learningRate: 0.05 }],
      ["NAdam", "NAdam", { learningRate: 0.05 }],
      ["RAdam", "RAdam", { learningRate: 0.05 }],
      ["RMSprop, clipped", "RMSprop", { learningRate: 0.01, clip: { norm: 1 } }],
    ] as const
  ).map(([name, optimizer, options]) => [`${name} (${preset})`, optimizer, { ...options, preset }] as const),
);

export function parameter(values: number | readonly number[], shape?: readonly number[]): Parameter {
  return new Parameter(
    typeof values === "number" ? tensor(values) : tensor(Float64Array.from(values), shape),
  );
}

/** Gradients for one parameter after the other, in the shape of each. */
export function gradientsOf(
  parameters: readonly Tensor[],
  values: readonly (readonly number[])[],
): Map<Tensor, Tensor> {
  return new Map(parameters.map((x, i) => [x, tensor(Float64Array.from(values[i]), x.shape)]));
}

/** Steps one parameter through the gradients; returns its values after every step. */
export function run(
  optimizer: AnyOptimizer,
  x: Parameter,
  gradients: readonly (number | readonly number[])[],
): number[][] {
  return gradients.map((g) => {
    optimizer.step(gradientsOf([x], [typeof g === "number" ? Array<number>(x.size).fill(g) : g]));
    return [...x.data];
  });
}

/** The message of the error that `act` throws. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new Error("nothing was thrown");
}

/** Whether two numbers are as close as golden values ask for. */
export function close(
  actual: number,
  expected: number,
  { rtol, atol }: { rtol: number; atol: number },
): boolean {
  return Math.abs(actual - expected) <= atol + rtol * Math.abs(expected);
}
