import { checks } from "./checks.ts";
import { GradusError } from "./errors.ts";
import type { AnySpec } from "./op.ts";
import { formatShape, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** An operand of an op: a tensor, or a number for a scalar constant. The params, an object, come after the operands. */
export type TensorLike = Tensor | number;

/** The operands of a call as tensors. */
export function operands(name: string, values: readonly unknown[], count: number): Tensor[] {
  checks.operands?.(name, values, count);
  const given = values.slice(0, count) as TensorLike[];
  return given.map((value) => (typeof value === "number" ? new Tensor(Float64Array.of(value), []) : value));
}

/** The params of a call, with the defaults. */
export function resolveParams<P>(
  spec: Pick<AnySpec, "name" | "defaults" | "required" | "ranges">,
  params: unknown,
  extra: readonly unknown[],
): Required<P> {
  return (checks.params?.(spec, params, extra) ?? { ...spec.defaults, ...(params as P) }) as Required<P>;
}

/** The error again, its message led by the op and the shapes it was called with. */
export function located(error: unknown, name: string, shapes: readonly Shape[]): unknown {
  if (!(error instanceof GradusError) || error.namesOp) return error;
  const reason = error.reason ?? error.message;
  const who = `${name}(${shapes.map(formatShape).join(", ")})`;
  const relocated = new (error.constructor as typeof GradusError)(`${who}: ${reason}`);
  relocated.reason = reason;
  return relocated;
}
