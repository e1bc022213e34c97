import { Gradients } from "./backward.ts";
import { ArgumentError, GradientError } from "./errors.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { check } from "./options.ts";
import * as ranges from "./ranges.ts";
import { formatShape, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

declare module "./backward.ts" {
  interface Gradients {
    /**
     * The sum with other gradients, to accumulate those of several batches. Both stay as they are.
     *
     * @throws GradientError unless both belong to the same parameters and variables.
     * @example
     * // One step for two batches of the same size, each with the mean of its losses.
     * optimizer.step(backward(first).add(backward(second)).scale(1 / 2));
     */
    add(other: Gradients): Gradients;
    /**
     * All gradients times a number, as new ones.
     *
     * @throws ArgumentError for a factor that is no finite number.
     */
    scale(factor: number): Gradients;
  }
}

function sumOf(gradients: Gradients, other: unknown): Gradients {
  if (!(other instanceof Gradients)) {
    throw new ArgumentError(`gradients.add: needs the Gradients of a backward, got ${show(other)}`);
  }
  refuseMissing(gradients, other, "the other gradients");
  refuseMissing(other, gradients, "these gradients");
  return mapped(gradients, (g, x) => add(g, other.of(x)));
}

function refuseMissing(some: Gradients, others: Gradients, name: string): void {
  for (const x of some.keys()) {
    if (others.get(x)) continue;
    throw new GradientError(
      `gradients.add: ${name} have none for a tensor of shape ${formatShape(x.shape)}; both losses must depend on the same ` +
        "parameters",
    );
  }
}

function scaled(gradients: Gradients, factor: number): Gradients {
  check("gradients.scale", "the factor", factor, ranges.finite);
  return mapped(gradients, (g) => mul(g, factor));
}

function mapped(gradients: Gradients, change: (g: Tensor, x: Tensor) => Tensor): Gradients {
  return new Gradients(new Map([...gradients.keys()].map((x) => [x, change(gradients.of(x), x)])));
}

for (const [name, method] of [
  ["add", sumOf],
  ["scale", scaled],
] as const) {
  Object.defineProperty(Gradients.prototype, name, {
    value(this: Gradients, argument: never): Gradients {
      return method(this, argument);
    },
    writable: true,
    configurable: true,
  });
}
