import { ArgumentError } from "./errors.ts";
import { type Declaration, type OpSpec, type ParamsArgument, runOp } from "./op.ts";
import { operands, resolveParams, type TensorLike } from "./op-arguments.ts";
import { show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** An op over a list of tensors, such as `concat`. */
export type ListOp<P = void> = ((inputs: readonly TensorLike[], ...args: ParamsArgument<P>) => Tensor) & {
  readonly spec: Declaration<P> & { readonly list: true };
};

/** Like {@link defineOp}, for an op on a list of tensors; its one gradient rule is used for every element. */
export function defineListOp<P = void>(spec: OpSpec<readonly Tensor[], P>): ListOp<P> {
  const op = (inputs: readonly TensorLike[], params?: P, ...extra: unknown[]): Tensor => {
    if (!Array.isArray(inputs))
      throw new ArgumentError(`${spec.name}: needs an array of tensors, got ${show(inputs)}`);
    return runOp(spec, operands(spec.name, inputs, inputs.length), resolveParams(spec, params, extra));
  };
  return Object.assign(op, { spec: { ...spec, list: true } }) as ListOp<P>;
}
