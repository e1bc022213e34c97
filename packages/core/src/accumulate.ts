import { Gradients } from "./backward.ts";
import { ArgumentError, GradientError } from "./errors.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { check, noMore } from "./options.ts";
import { finite } from "./ranges.ts";
import { formatShape, show } from "./shape.ts";

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

function sumOf(gradients: Gradients, other: Gradients): Gradients {
  if (!(other instanceof Gradients)) {
    throw new ArgumentError(`gradients.add: needs the Gradients of a backward, got ${show(other)}`);
  }
  const keys = [...gradients.keys()];
  const missing = keys.find((x) => !other.get(x)) ?? [...other.keys()].find((x) => !gradients.get(x));
  if (missing) {
    throw new GradientError(
      `gradients.add: only one of the two has a gradient for the tensor of shape ${formatShape(missing.shape)}; both ` +
        "losses must depend on the same parameters",
    );
  }
  return new Gradients(new Map(keys.map((x) => [x, add(gradients.of(x), other.of(x))])));
}

function scaled(gradients: Gradients, factor: number): Gradients {
  check("gradients.scale", "the factor", factor, finite);
  return new Gradients(new Map([...gradients.keys()].map((x) => [x, mul(gradients.of(x), factor)])));
}

for (const [name, method] of [
  ["add", sumOf],
  ["scale", scaled],
] as const) {
  Object.defineProperty(Gradients.prototype, name, {
    value(this: Gradients, argument: never, ...extra: readonly undefined[]): Gradients {
      noMore(`gradients.${name}`, name === "add" ? "other" : "factor", extra);
      return method(this, argument);
    },
    writable: true,
    configurable: true,
  });
}
