import { backward } from "../backward.ts";
import { checks } from "../checks.ts";
import { GradientError } from "../errors.ts";
import { Parameter } from "../parameter.ts";
import { formatShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A function of tensors whose gradient is to be checked. */
export type Differentiable = (...inputs: Tensor[]) => Tensor;

export interface GradcheckOptions {
  /** Step h of the central difference. Default 1e-5: its error h²·f‴/6 and the rounding error ε·f/h are both about 1e-11. */
  readonly step?: number;
  /** Allowed |analytic − numeric| relative to 1 + |numeric|. Default 1e-7. */
  readonly tolerance?: number;
  /** Seed of the random cotangent; error messages contain it. Default "gradcheck". */
  readonly seed?: string;
  /** Positions (from 0) of inputs that are constants, such as class numbers: no gradient is checked there. Default: none. */
  readonly constants?: readonly number[];
  /** The name of the function in messages. Default: its own. */
  readonly name?: string;
}

/**
 * Compares the gradients of the number s = ⟨w, f(x)⟩ = Σ wᵢ·f(x)ᵢ, with random weights w, with central differences
 * (s(x + h) − s(x − h)) / 2h, for every element of every input. `backward` takes w as the cotangent.
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
  const all = gradcheckOptions("gradcheck", f, inputs, options);
  const { step, tolerance, seed, constants, name } = all;
  const variables = inputs.map((x, i) => (constants.includes(i) ? x : new Parameter(x)));
  const y = f(...variables);
  checks.gradcheckResult?.(name, y);
  const cotangent = y.size === 1 ? new Tensor(Float64Array.of(1), y.shape) : weightsLike(y, seed);
  // The scalar that is differentiated: ⟨w, f(x)⟩.
  const project = (): number => dot(cotangent, f(...variables));
  const gradients = y.tracked ? backward(y, { cotangent }) : undefined;
  variables.forEach((x, k) => {
    if (constants.includes(k)) return;
    const gradient = gradients?.get(x);
    checks.gradcheckShape?.(name, k, gradient, x.shape);
    for (let i = 0; i < x.size; i++) {
      const analytic = gradient?.data[i] ?? 0;
      const [numeric, left, right] = differences(project, x, i, step);
      if (Math.abs(analytic - numeric) <= tolerance * (1 + Math.abs(numeric))) continue;
      checks.gradcheckElements?.(f, inputs, all, y);
      const isKink = Math.abs(left - right) > 1e-3 * (1 + Math.abs(numeric));
      const kink = isKink ? `; a kink: ${left} from the left, ${right} from the right` : "";
      throw new GradientError(
        `gradcheck(${name}(${inputs.map((input) => formatShape(input.shape)).join(", ")})): input ${k + 1}, element ${i} ` +
          `(x = ${x.data[i]}): analytic ${analytic}, numeric ${numeric}, step ${step}, seed "${seed}"${kink}`,
      );
    }
  });
}

/** The options of a gradient check of f with all defaults. */
export function gradcheckOptions(
  who: string,
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions,
): Required<GradcheckOptions> {
  const given = checks.gradcheckOptions?.(who, f, inputs, options) ?? options;
  return { step: 1e-5, tolerance: 1e-7, seed: "gradcheck", constants: [], name: f.name || "f", ...given };
}

function dot(a: Tensor, b: Tensor): number {
  let total = 0;
  for (let i = 0; i < a.size; i++) total += a.data[i] * b.data[i];
  return total;
}

/** The slopes at x[i]: by the central difference, from the left, from the right. */
function differences(f: () => number, x: Tensor, i: number, h: number): readonly [number, number, number] {
  const at = x.data[i];
  const centre = f();
  x.data[i] = at + h;
  const above = f();
  x.data[i] = at - h;
  const below = f();
  x.data[i] = at;
  return [(above - below) / (2 * h), (centre - below) / h, (above - centre) / h];
}

/** Different weights in [0.5, 1.5) for the elements of x, determined by the seed. */
export function weightsLike(x: Tensor, seed: string): Tensor {
  let state = 0;
  const next = (term: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223 + term) >>> 0; // Knuth & Lewis, as in Numerical Recipes §7.1
    return state / 4294967296;
  };
  for (let i = 0; i < seed.length; i++) next(seed.charCodeAt(i));
  const weights = new Float64Array(x.size).map(() => 0.5 + next(0));
  return new Tensor(weights, x.shape);
}
