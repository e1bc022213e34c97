import { checks } from "./checks.ts";
import { GradusError } from "./errors.ts";
import type { AnySpec } from "./op.ts";
import { formatShape, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** An operand: a tensor, or a number for a scalar constant. In `sum(x, { axes: 1 })` x is the operand of the op, `axes` a param. */
export type TensorLike = Tensor | number;

/** The operands of a call, numbers turned into scalars. */
export function operands(name: string, values: readonly unknown[], count: number): Tensor[] {
  checks.operands?.(name, values, count);
  const given = values.slice(0, count) as TensorLike[];
  return given.map((value) => (typeof value === "number" ? new Tensor(Float64Array.of(value), []) : value));
}

/** The params of a call, completed with the defaults of the declaration (`spec`, op.ts). */
export function resolveParams<P>(
  spec: Pick<AnySpec, "name" | "defaults" | "required" | "ranges">,
  params: unknown,
  extra: readonly unknown[],
): Required<P> {
  return (checks.params?.(spec, params, extra) ?? { ...spec.defaults, ...(params as P) }) as Required<P>;
}

/** The same error with the op and the shapes of its inputs in front of the message: `add([2], [3]): shapes do not broadcast: …`. */
export function located(error: unknown, name: string, shapes: readonly Shape[]): unknown {
  if (!(error instanceof GradusError) || error.namesOp) return error;
  const reason = error.reason ?? error.message;
  const who = `${name}(${shapes.map(formatShape).join(", ")})`;
  const relocated = new (error.constructor as typeof GradusError)(`${who}: ${reason}`);
  relocated.reason = reason;
  return relocated;
}
