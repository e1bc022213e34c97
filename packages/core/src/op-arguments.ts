import { ArgumentError, GradusError } from "./errors.ts";
import { takeGiven } from "./given.ts";
import type { AnySpec } from "./op.ts";
import { formatShape, type Shape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** An operand of an op: a tensor, or a number for a scalar constant. The params, an object, come after the operands. */
export type TensorLike = Tensor | number;

/** Checks and converts the operands of an op. */
export function operands(name: string, values: readonly unknown[], count: number): Tensor[] {
  if (values.length < count) throw new ArgumentError(`${name}: needs ${count} tensors, got ${values.length}`);
  return [...values].slice(0, count).map((value, i) => {
    if (value instanceof Tensor) return value;
    if (typeof value === "number") return new Tensor(Float64Array.of(value), []);
    throw new ArgumentError(`${name}: input ${i + 1} must be a tensor or a number, got ${notTensor(value)}`);
  });
}

/** Shows a value that should be a tensor, with the way to make one. */
export function notTensor(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `${show(value)}; tensor(values) makes one`;
  const foreign = typeof value === "object" && value !== null && "data" in value && "shape" in value;
  return `${show(value)}${foreign ? " of another copy of @gradus/core: install it once" : ""}`;
}

/** Fills in defaults; refuses params that are missing or unknown. */
export function resolveParams<P>(
  spec: Pick<AnySpec, "name" | "defaults" | "required" | "ranges">,
  params: unknown,
  extra: readonly unknown[],
): Required<P> {
  const { defaults = {}, required = [] } = spec;
  if (params === undefined && required.length + extra.length === 0) return defaults as Required<P>;
  const known = spec.ranges ?? ([...required, ...Object.keys(defaults)] as string[]);
  const given = takeGiven(spec.name, "param", params, known, extra);
  const all: Record<string, unknown> = { ...defaults, ...given };
  for (const key of required as string[]) {
    if (all[key] === undefined) throw new ArgumentError(`${spec.name}: param ${show(key)} is missing`);
  }
  return all as Required<P>;
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
