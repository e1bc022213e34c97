import { ArgumentError, GradusError } from "./errors.ts";
import { hook } from "./hook.ts";
import type { AnyKernel, OpKernel } from "./kernel.ts";
import { merge } from "./options.ts";
import { formatShape, type Shape, show, sizeOf } from "./shape.ts";
import { type DifferentiableOp, type OpRecord, Tensor } from "./tensor.ts";

/** An operand: a tensor, or a number standing for a scalar constant. */
export type TensorLike = Tensor | number;

/** One shape per input. */
export type Shapes<I extends readonly Tensor[]> = { readonly [K in keyof I]: Shape };

type OptionalKeys<P> = { [K in keyof P]-?: object extends Pick<P, K> ? K : never }[keyof P];

/** The params with every default filled in. */
export type Resolved<P> = Required<P>;

/** What a gradient rule may look at besides the incoming gradient. */
export interface RuleContext<I extends readonly Tensor[], P> {
  /** The inputs; reading them throws if one was changed in place since. */
  readonly inputs: I;
  /** The result. */
  readonly out: Tensor;
  readonly shapes: Shapes<I>;
  readonly params: Resolved<P>;
  /** Which input the gradient is wanted for; differs from the rule's place only for ops that take a list. */
  readonly index: number;
}

/**
 * The gradient with respect to one input: the vector–Jacobian product of `g`, the gradient with respect to the
 * result. Written in ops, so that gradients of gradients work. A result that is larger than the input because the
 * input was broadcast is summed back by `backward`, once for all ops.
 */
export type Rule<I extends readonly Tensor[], P> = (g: Tensor, context: RuleContext<I, P>) => Tensor;

/** The declaration of an op of any params, as consumers of the registry see it. */
export interface AnyDeclaration {
  readonly name: string;
  readonly formula?: string;
  readonly source?: string;
  readonly defaults?: object;
  readonly required?: readonly PropertyKey[];
}

/** What any op says of itself. */
export interface Declaration<P> {
  /** PyTorch's name in camelCase, where PyTorch has the op. */
  readonly name: string;
  /** What it computes, in one line. Published files leave it out of gradus' own ops, to keep bundles small. */
  readonly formula?: string;
  /** Paper and equation, or the standard that defines it, where the formula alone does not. Left out likewise. */
  readonly source?: string;
  /** Values of the optional params. */
  readonly defaults?: Required<Pick<P, OptionalKeys<P>>>;
  /** Names of the params without a default. */
  readonly required?: readonly Exclude<keyof P, OptionalKeys<P>>[];
}

/** An op with a forward of its own: all there is to say about it, in one place. */
export interface OpSpec<I extends readonly Tensor[], P> extends Declaration<P> {
  readonly formula: string;
  /** Shape of the result; throws a ShapeError or ArgumentError that gives the reason alone (who and what is added). */
  shape(shapes: Shapes<I>, params: Resolved<P>): Shape;
  /** Fills `out`, which starts as zeros. */
  forward(inputs: I, out: Float64Array, outShape: Shape, params: Resolved<P>): void;
  /**
   * Whether it does more than fill `out`, such as moving a random stream on. `compile` then never leaves it out. Default
   * false.
   */
  readonly impure?: boolean;
  /** Which instruction of an engine gives the same bits as `forward`. Default: none, compiled functions run `forward`. */
  readonly kernel?: OpKernel<Resolved<P>>;
  /** One gradient rule per input, `null` where no gradient flows. */
  readonly vjp: { readonly [K in keyof I]: Rule<I, P> | null };
}

/** An op that is a formula over other ops and takes its gradient from them. */
export interface DerivedSpec<I extends readonly Tensor[], P, Out> extends Declaration<P> {
  readonly formula: string;
  /** How many tensors it takes. */
  readonly arity: I["length"];
  compute(inputs: I, params: Resolved<P>): Out;
}

/** The trailing params object: absent, optional or required, as its keys demand. */
// biome-ignore lint/suspicious/noConfusingVoidType: void is what an op without params has
type ParamsArgument<P> = [P] extends [void] ? [] : object extends P ? [params?: P] : [params: P];

/** An op is a function that carries its own declaration. */
export type Op<I extends readonly Tensor[], P = void, Out = Tensor> = ((
  ...args: [...{ [K in keyof I]: TensorLike }, ...ParamsArgument<P>]
) => Out) & { readonly spec: Declaration<P> };

/** An op over a list of tensors, such as `concat`. */
export type ListOp<P = void> = ((inputs: readonly TensorLike[], ...args: ParamsArgument<P>) => Tensor) & {
  readonly spec: Declaration<P> & { readonly list: true };
};

/** An op with a forward of its own, whatever its inputs and params. */
export interface AnySpec extends DifferentiableOp {
  readonly impure?: boolean;
  readonly kernel?: AnyKernel;
  // biome-ignore lint/suspicious/noExplicitAny: the op itself knows
  shape(shapes: any, params: any): Shape;
  // biome-ignore lint/suspicious/noExplicitAny: the op itself knows
  forward(inputs: any, out: Float64Array, outShape: Shape, params: any): void;
}

/**
 * Declares an op: a function from tensors to a tensor together with its gradient rules and documentation.
 * Tensors are positional, everything else goes into one trailing params object.
 *
 * @example
 * const cube = defineOp<[x: Tensor]>({
 *   name: "cube",
 *   formula: "y = x³",
 *   shape: ([x]) => x,
 *   forward: ([x], out) => { for (let i = 0; i < out.length; i++) out[i] = x.data[i] * x.data[i] * x.data[i]; },
 *   vjp: [(g, { inputs: [x] }) => mul(g, mul(3, square(x)))],
 * });
 */
export function defineOp<I extends readonly Tensor[], P = void>(spec: OpSpec<I, P>): Op<I, P> {
  const arity = spec.vjp.length;
  const op = (...args: unknown[]): Tensor =>
    runOp(spec, operands(spec.name, args.slice(0, arity), arity), resolveParams(spec, args[arity]));
  return Object.assign(op, { spec }) as Op<I, P>;
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
    const inputs = operands(spec.name, args.slice(0, spec.arity), spec.arity);
    const params = resolveParams<P>(spec, args[spec.arity]);
    const shapes = inputs.map((input) => input.shape);
    const compute = (): Out => spec.compute(inputs as unknown as I, params);
    try {
      const on = hook();
      return on ? on.within(spec.name, inputs, compute) : compute();
    } catch (error) {
      throw located(error, spec.name, shapes);
    }
  };
  return Object.assign(op, { spec }) as Op<I, P, Out>;
}

/** Like {@link defineOp} for an op that takes one list of tensors; its single rule serves every element. */
export function defineListOp<P = void>(spec: OpSpec<readonly Tensor[], P>): ListOp<P> {
  const op = (inputs: readonly TensorLike[], params?: P): Tensor => {
    if (!Array.isArray(inputs))
      throw new ArgumentError(`${spec.name}: needs an array of tensors, got ${show(inputs)}`);
    return runOp(spec, operands(spec.name, inputs, inputs.length), resolveParams(spec, params));
  };
  return Object.assign(op, { spec: { ...spec, list: true } }) as ListOp<P>;
}

let nextId = 0;

function runOp(spec: AnySpec, inputs: readonly Tensor[], params: unknown): Tensor {
  const shapes = inputs.map((input) => input.shape);
  try {
    const outShape = spec.shape(shapes, params);
    const on = hook();
    const out = on ? on.op(spec, inputs, outShape, params) : compute(spec, inputs, outShape, params);
    return new Tensor(out, outShape, { record: recordOf(spec, inputs, params) });
  } catch (error) {
    throw located(error, spec.name, shapes);
  }
}

/** The result of an op, computed now. */
export function compute(
  spec: Pick<AnySpec, "forward">,
  inputs: readonly Tensor[],
  outShape: Shape,
  params: unknown,
): Float64Array {
  const out = new Float64Array(sizeOf(outShape));
  spec.forward(inputs, out, outShape, params);
  return out;
}

/** A result is recorded only if a gradient could flow through it. */
function recordOf(spec: AnySpec, inputs: readonly Tensor[], params: unknown): OpRecord | null {
  const rules = spec.vjp;
  const flows = inputs.some((input, i) => input.tracked && (rules[i] ?? (rules.length === 1 && rules[0])));
  if (!flows) return null;
  return { id: nextId++, op: spec, inputs, versions: inputs.map((input) => input.storage.version), params };
}

/** Checks and converts the operands of an op. */
export function operands(name: string, values: readonly unknown[], count: number): Tensor[] {
  if (values.length < count) throw new ArgumentError(`${name}: needs ${count} tensors, got ${values.length}`);
  return Array.from(values, (value, i) => {
    if (value instanceof Tensor) return value;
    if (typeof value === "number") return new Tensor(Float64Array.of(value), []);
    const foreign = typeof value === "object" && value !== null && "data" in value && "shape" in value;
    throw new ArgumentError(
      `${name}: input ${i + 1} must be a tensor or a number, got ${show(value)}${
        foreign ? " of another copy of @gradus/core: install it once" : ""
      }`,
    );
  });
}

/** Fills in defaults; refuses params that are missing or unknown. */
export function resolveParams<P>(
  spec: Pick<AnyDeclaration, "name" | "defaults" | "required">,
  params: unknown,
): Resolved<P> {
  const { defaults = {}, required = [] } = spec;
  if (params === undefined && required.length === 0) return defaults as Resolved<P>;
  const known = [...required, ...Object.keys(defaults)] as string[];
  const resolved = merge({ ...defaults }, spec.name, "param", params, known);
  for (const key of required as string[]) {
    if (resolved[key] === undefined) throw new ArgumentError(`${spec.name}: param ${show(key)} is missing`);
  }
  return resolved as Resolved<P>;
}

/** The error again, its message led by the op and the shapes it was called with. */
export function located(error: unknown, name: string, shapes: readonly Shape[]): unknown {
  if (!(error instanceof GradusError) || error.namesOp) return error;
  const reason = error.reason ?? error.message;
  const relocated = new (error.constructor as typeof GradusError)(
    `${name}(${shapes.map(formatShape).join(", ")}): ${reason}`,
  );
  relocated.reason = reason;
  return relocated;
}
