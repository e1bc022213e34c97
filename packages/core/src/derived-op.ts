import { active, type Declaration, type Op } from "./op.ts";
import { located, operands, resolveParams } from "./op-arguments.ts";
import type { Tensor } from "./tensor.ts";

/** The declaration of an op that is a formula over other ops; its gradient follows from theirs. */
export interface DerivedSpec<I extends readonly Tensor[], P, Out> extends Declaration<P> {
  readonly formula: string;
  /** Number of tensor inputs. */
  readonly arity: I["length"];
  compute(inputs: I, params: Required<P>): Out;
}

/**
 * Declares an op that is a formula over other ops: `compute` runs them, and gradients of any order follow from theirs.
 *
 * @example
 * const std = deriveOp<[x: Tensor], VarianceParams>({
 *   name: "std", formula: "out = √variance(x)", arity: 1,
 *   compute: ([x], params) => sqrt(variance(x, params)), …
 * });
 */
export function deriveOp<I extends readonly Tensor[], P = void, Out = Tensor>(
  spec: DerivedSpec<I, P, Out>,
): Op<I, P, Out> {
  const op = (...args: unknown[]): Out => {
    const params = resolveParams<P>(spec, args[spec.arity], args.slice(spec.arity + 1));
    const known = active.hook?.known?.(spec, args, params);
    if (known) return known as Out;
    const inputs = operands(spec.name, args, spec.arity);
    const compute = (): Out => spec.compute(inputs as unknown as I, params);
    try {
      return active.hook ? active.hook.within(spec, inputs, compute, params) : compute();
    } catch (error) {
      throw located(
        error,
        spec.name,
        inputs.map(({ shape }) => shape),
      );
    }
  };
  return Object.assign(op, { spec }) as Op<I, P, Out>;
}
