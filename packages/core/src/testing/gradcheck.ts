import { backward } from "../backward.ts";
import { GradientError } from "../errors.ts";
import { mul } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { resolveOptions } from "../options.ts";
import { createRng, type Rng } from "../random.ts";
import { counts, nonNegative, positive, text } from "../ranges.ts";
import { formatShape, sameShape } from "../shape.ts";
import { Tensor, variable } from "../tensor.ts";

/** A function of tensors whose gradient is to be checked. */
export type Differentiable = (...inputs: Tensor[]) => Tensor;

export interface GradcheckOptions {
  /** Step of the central difference. Default 1e-5: truncation h²·f‴/6 and cancellation ε·f/h are both about 1e-11. */
  readonly step?: number;
  /** Allowed |analytic − numeric| relative to 1 + |numeric|. Default 1e-7. */
  readonly tolerance?: number;
  /** Seed of the random cotangent; it stands in every failure message. Default "gradcheck". */
  readonly seed?: string;
  /** Places of inputs that are constants, such as indices: nothing is differentiated by them. Default: none. */
  readonly constants?: readonly number[];
  /** How the function is called in messages. */
  readonly name?: string;
}

/**
 * Compares the gradients of `f`, contracted with a random cotangent, with central differences
 * (f(x + h) − f(x − h)) / 2h, for every element of every input.
 *
 * @throws ArgumentError for an option that is not as described; GradientError naming the input, the element, both values and the step. It says "kink" where the one-sided
 *   differences disagree with each other: there the function has a corner and no gradient is right.
 * @example
 * gradcheck((x) => x.tanh(), [tensor([0.1, -2])]);
 */
export function gradcheck(
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  const { step, tolerance, seed, constants, name } = resolve("gradcheck", f, options);
  const rng = createRng(seed);
  const variables = inputs.map((x, i) => (constants.includes(i) ? copy(x) : variable(copy(x))));
  const y = f(...variables);
  const cotangent = cotangentFor(y, rng);
  // The scalar that is differentiated: ⟨cotangent, f(x)⟩.
  const project = (): number => dot(cotangent, f(...variables));
  const gradients = y.tracked ? backward(y, { cotangent }) : undefined;
  variables.forEach((x, inputIndex) => {
    if (constants.includes(inputIndex)) return;
    const gradient = gradients?.get(x);
    if (gradient && !sameShape(gradient.shape, x.shape)) {
      throw new GradientError(
        `gradcheck(${name}): the gradient of input ${inputIndex + 1} has shape ${formatShape(gradient.shape)}, not ${formatShape(x.shape)}`,
      );
    }
    for (let i = 0; i < x.size; i++) {
      const analytic = gradient?.data[i] ?? 0;
      const { numeric, left, right } = differences(project, x, i, step);
      const allowed = tolerance * (1 + Math.abs(numeric));
      if (Math.abs(analytic - numeric) <= allowed) continue;
      const kink =
        Math.abs(left - right) > 1e-3 * (1 + Math.abs(numeric))
          ? `; a kink: ${left} from the left, ${right} from the right`
          : "";
      throw new GradientError(
        `gradcheck(${name}(${inputs.map((input) => formatShape(input.shape)).join(", ")})): input ${inputIndex + 1}, element ${i} ` +
          `(x = ${x.data[i]}): analytic ${analytic}, numeric ${numeric}, step ${step}, seed "${seed}"${kink}`,
      );
    }
  });
}

/**
 * Checks gradients of gradients: {@link gradcheck} applied to the first-order gradient as a function of the inputs and
 * of the cotangent.
 *
 * @example
 * gradgradcheck((x) => x.tanh(), [tensor([0.1, -2])]);
 */
export function gradgradcheck(
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  const checked = resolve("gradgradcheck", f, options);
  const { name, constants, seed } = checked;
  const probe = f(...inputs.map((x, i) => (constants.includes(i) ? copy(x) : variable(copy(x)))));
  if (!probe.tracked) return;
  const cotangent = cotangentFor(probe, createRng(`${seed}/cotangent`));
  const weights = createRng(`${seed}/weights`);
  const projections = inputs.map((x) => weights.uniform(x.shape, { low: 0.5, high: 1.5 }));
  const gradient = (...args: Tensor[]): Tensor => {
    const xs = args.slice(0, -1);
    const gradients = backward(f(...xs), { cotangent: args[args.length - 1], differentiable: true });
    // One number that all gradients go into, weighted so that no two could cancel.
    let total: Tensor = new Tensor(new Float64Array(1), []);
    xs.forEach((x, i) => {
      const g = gradients.get(x);
      if (g) total = total.add(sum(mul(g, projections[i])));
    });
    return total;
  };
  gradcheck(gradient, [...inputs, cotangent], { ...checked, name: `gradient of ${name}` });
}

function resolve(who: string, f: Differentiable, options: GradcheckOptions): Required<GradcheckOptions> {
  return resolveOptions<Required<GradcheckOptions>>(
    who,
    options,
    { step: 1e-5, tolerance: 1e-7, seed: "gradcheck", constants: [], name: f.name || "f" },
    { step: positive, tolerance: nonNegative, seed: text, constants: counts, name: text },
  );
}

function copy(x: Tensor): Tensor {
  return new Tensor(x.data.slice(), x.shape);
}

function cotangentFor(y: Tensor, rng: Rng): Tensor {
  return rng.uniform(y.shape, { low: 0.5, high: 1.5 });
}

function dot(a: Tensor, b: Tensor): number {
  let total = 0;
  for (let i = 0; i < a.size; i++) total += a.data[i] * b.data[i];
  return total;
}

function differences(
  project: () => number,
  x: Tensor,
  i: number,
  h: number,
): { numeric: number; left: number; right: number } {
  const at = x.data[i];
  const centre = project();
  x.data[i] = at + h;
  const above = project();
  x.data[i] = at - h;
  const below = project();
  x.data[i] = at;
  return { numeric: (above - below) / (2 * h), left: (centre - below) / h, right: (above - centre) / h };
}
