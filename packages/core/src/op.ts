import type { Allowed } from "./check-given.ts";
import type { Hook } from "./hook.ts";
import type { AnyKernel, KernelNumber, OpKernel } from "./kernel.ts";
import { located, operands, resolveParams, type TensorLike } from "./op-arguments.ts";
import type { Shape } from "./shape.ts";
import { allocate } from "./storage.ts";
import { type OpRecord, Tensor } from "./tensor.ts";

/** One shape per input. */
export type Shapes<I extends readonly Tensor[]> = { readonly [K in keyof I]: Shape };

type OptionalKeys<P> = { [K in keyof P]-?: object extends Pick<P, K> ? K : never }[keyof P];

/** What a gradient rule may look at besides the incoming gradient. */
export interface RuleContext<I extends readonly Tensor[], P> {
  /** The inputs; reading them throws if one was changed in place since. */
  readonly inputs: I;
  /** The result. */
  readonly out: Tensor;
  readonly shapes: Shapes<I>;
  readonly params: Required<P>;
  /** Index of the input. An op on a list of tensors (`concat`, list-op.ts) has one rule for all inputs. */
  readonly index: number;
}

/**
 * The gradient with respect to one input, given `g`, the gradient with respect to the result: g times the Jacobian matrix ∂out/∂input
 * (the vector–Jacobian product). It is written in ops, so that gradients of gradients work. If the input was broadcast, it may have
 * the larger shape of the result: `backward` sums it, in one place for all ops.
 */
export type Rule<I extends readonly Tensor[], P> = (g: Tensor, context: RuleContext<I, P>) => Tensor;

/** The part of a declaration that all ops have. */
export interface Declaration<P> {
  /** PyTorch's name in camelCase, where PyTorch has the op. */
  readonly name: string;
  /** What it computes, in one line. Published files leave it and `source` out of gradus' own ops, to keep bundles small. */
  readonly formula?: string;
  /** Paper and equation, or the standard that defines it, where the formula alone does not. */
  readonly source?: string;
  /** Values of the optional params. */
  readonly defaults?: Required<Pick<P, OptionalKeys<P>>>;
  /** Names of the params without a default. */
  readonly required?: readonly Exclude<keyof P, OptionalKeys<P>>[];
  /** What each param may be, in one word of check-given.ts or as a range. Default: the op itself checks. */
  readonly ranges?: Readonly<Record<keyof P, Allowed>>;
}

/** The declaration of an op: shape rule, loop, gradient rules. */
export interface OpSpec<I extends readonly Tensor[], P> extends Declaration<P> {
  readonly formula: string;
  /** Shape of the result; throws a ShapeError or ArgumentError that gives the reason alone (who and what is added). */
  shape(shapes: Shapes<I>, params: Required<P>): Shape;
  /** Fills `out`, which starts as zeros. */
  forward(inputs: I, out: Float64Array, outShape: Shape, params: Required<P>): void;
  /** Whether it does more than fill `out`, such as advancing a random stream: `compile` then keeps it. Default false. */
  readonly impure?: boolean;
  /** For engines only: the instruction with the same bits as `forward`. Skip every `kernel:` line at first reading. */
  readonly kernel?: OpKernel<Required<P>>;
  /** Vector–Jacobian products: one gradient rule per input, `null` where no gradient flows. */
  readonly vjp: { readonly [K in keyof I]: Rule<I, P> | null };
}

/** The trailing params object: absent, optional or required, as its keys demand. */
// biome-ignore lint/suspicious/noConfusingVoidType: void is what an op without params has
export type ParamsArgument<P> = [P] extends [void] ? [] : object extends P ? [params?: P] : [params: P];

/** An op is a function that carries its own declaration. */
export type Op<I extends readonly Tensor[], P = void, Out = Tensor> = ((
  ...args: [...{ [K in keyof I]: TensorLike }, ...ParamsArgument<P>]
) => Out) & { readonly spec: Declaration<P> };

// biome-ignore-start lint/suspicious/noExplicitAny: the op itself knows its inputs and params
/** Any op, with the types of its inputs and params erased. An op on a list of tensors has one rule for all of them. */
export interface AnySpec extends Omit<Declaration<any>, "required"> {
  readonly required?: readonly PropertyKey[];
  readonly ranges?: Readonly<Record<string, Allowed>>;
  shape(shapes: any, params: any): Shape;
  forward(inputs: any, out: Float64Array, outShape: Shape, params: any): void;
  readonly impure?: boolean;
  readonly kernel?: AnyKernel;
  readonly vjp: readonly (((g: Tensor, context: any) => Tensor) | null)[];
}
// biome-ignore-end lint/suspicious/noExplicitAny: see above

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
  const op = (...args: unknown[]): Tensor => {
    const params = resolveParams(spec, args[arity], args.slice(arity + 1));
    return active.hook?.known?.(spec, args, params) ?? runOp(spec, operands(spec.name, args, arity), params);
  };
  return Object.assign(op, { spec }) as Op<I, P>;
}

/** `hook` is called in place of the loops: `compile` and the NaN trap set it. `known` (hook.ts) may return a result that needs no op. */
export const active: { hook: Hook | null } = { hook: null };

/** The id of the next record. */
export const ids: { next: number } = { next: 0 };

/** Runs an op on checked operands: shape rule, loop or hook, record. */
export function runOp(spec: AnySpec, inputs: readonly Tensor[], params: unknown): Tensor {
  const shapes = inputs.map((input) => input.shape);
  try {
    const outShape = spec.shape(shapes, params);
    const out = active.hook
      ? active.hook.op(spec, inputs, outShape, params)
      : compute(spec, inputs, outShape, params);
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
  const out = allocate("", outShape);
  spec.forward(inputs, out, outShape, params);
  return out;
}

/** The record of a result; null if no gradient can flow through it. An op on a list has one rule for all inputs. */
export function recordOf(spec: AnySpec, inputs: readonly Tensor[], params: unknown): OpRecord | null {
  const rules = spec.vjp;
  const flows = inputs.some((input, i) => input.tracked && (rules[i] ?? (rules.length === 1 && rules[0])));
  if (!flows) return null;
  return { id: ids.next++, op: spec, inputs, versions: inputs.map((input) => input.storage.version), params };
}

/** For engines: names the instruction with the same bits as the loop, and its constants and params (kernel.ts). */
export function elementwise<P>(instruction: string, ...numbers: readonly KernelNumber<P>[]): OpKernel<P> {
  return { layout: "elementwise", instruction, numbers };
}
