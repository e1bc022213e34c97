import { backward } from "../backward.ts";
import { ArgumentError, GradientError } from "../errors.ts";
import { takeGiven } from "../given.ts";
import { mul } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { variable } from "../parameter.ts";
import { formatShape, sameShape, show } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A function of tensors whose gradient is to be checked. */
export type Differentiable = (...inputs: Tensor[]) => Tensor;

export interface GradcheckOptions {
  /** Step of the central difference. Default 1e-5: truncation h²·f‴/6 and cancellation ε·f/h are both about 1e-11. */
  readonly step?: number;
  /** Allowed |analytic − numeric| relative to 1 + |numeric|. Default 1e-7. */
  readonly tolerance?: number;
  /** Seed of the random cotangent; error messages contain it. Default "gradcheck". */
  readonly seed?: string;
  /** Indices of inputs that are constants, such as indices: nothing is differentiated by them. Default: none. */
  readonly constants?: readonly number[];
  /** How the function is called in messages. */
  readonly name?: string;
}

/**
 * Compares the gradients of ⟨w, f(x)⟩, w random, with central differences (f(x + h) − f(x − h)) / 2h, for every element of
 * every input.
 *
 * @throws ArgumentError for an option that is not as described; GradientError naming the input, the element, both values and
 *   the step. It says "kink" where the slopes from the left and right differ: no gradient is right there.
 * @example
 * gradcheck(square, [tensor([0.1, -2])]);
 */
export function gradcheck(
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  if (typeof f !== "function") throw new ArgumentError(`gradcheck: needs a function, got ${show(f)}`);
  const { step, tolerance, seed, constants, name } = gradcheckOptions("gradcheck", f, options);
  const variables = inputs.map((x, i) => (constants.includes(i) ? copy(x) : variable(copy(x))));
  const y = f(...variables);
  if (!(y instanceof Tensor))
    throw new ArgumentError(`gradcheck(${name}): must return a tensor, got ${show(y)}`);
  const cotangent = y.size === 1 ? unit(y, 0) : weightsLike(y, seed);
  // The scalar that is differentiated: ⟨w, f(x)⟩.
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
      // The slopes of one element of the result can be compared with a known derivative, those of ⟨w, f(x)⟩ cannot.
      for (let k = 0; k < y.size && y.size > 1; k++) {
        const element = (...xs: Tensor[]): Tensor => sum(mul(f(...xs), unit(y, k)));
        gradcheck(element, inputs, { ...options, name: `element ${k} of ${name}` });
      }
      throw new GradientError(
        `gradcheck(${name}(${inputs.map((input) => formatShape(input.shape)).join(", ")})): input ${inputIndex + 1}, element ${i} ` +
          `(x = ${x.data[i]}): analytic ${analytic}, numeric ${numeric}, step ${step}, seed "${seed}"${kink}`,
      );
    }
  });
}

const RANGES = {
  step: "positive",
  tolerance: "nonNegative",
  seed: "text",
  constants: "counts",
  name: "text",
} as const;

/** The options of a gradient check of f with all defaults. */
export function gradcheckOptions(
  who: string,
  f: Differentiable,
  options: GradcheckOptions,
): Required<GradcheckOptions> {
  const defaults = { step: 1e-5, tolerance: 1e-7, seed: "gradcheck", constants: [], name: f.name || "f" };
  return { ...defaults, ...takeGiven(who, "option", options, RANGES) };
}

/** 1 at element k, 0 elsewhere. */
function unit({ size, shape }: Tensor, k: number): Tensor {
  return new Tensor(new Float64Array(size).fill(1, k, k + 1), shape);
}

export function copy(x: Tensor): Tensor {
  return new Tensor(x.data.slice(), x.shape);
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

/** Different weights in [0.5, 1.5) for the elements of x, determined by the seed. */
export function weightsLike(x: Tensor, seed: string): Tensor {
  let state = 0;
  const next = (term: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223 + term) >>> 0; // Knuth & Lewis, as in Numerical Recipes §7.1
    return state / 4294967296;
  };
  for (let i = 0; i < seed.length; i++) next(seed.charCodeAt(i));
  return new Tensor(
    new Float64Array(x.size).map(() => 0.5 + next(0)),
    x.shape,
  );
}
