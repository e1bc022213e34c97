import { checkGiven } from "../check-given.ts";
import { checkShape } from "../check-shape.ts";
import { ArgumentError } from "../errors.ts";
import type { NestedNumbers } from "../numbers.ts";
import type { Declaration } from "../op.ts";
import type { TensorLike } from "../op-arguments.ts";
import { noMore } from "../options.ts";
import { type Shape, show } from "../shape.ts";

/** Inputs and params to check an op on, as data, for tests, gradient checks and documents. */
export interface Sample<P> {
  readonly inputs: readonly SampleInput[];
  readonly params?: P | undefined;
}

/** Inputs and params that an op must refuse. */
export interface ErrorSample<P> extends Sample<P> {
  /** The message of the error must match it. */
  readonly message: RegExp;
}

/** The samples of an op with params `P`. */
export interface OpSamples<P> {
  /** At least five: scalars, vectors, size 0, all kinds of broadcasting, all params. */
  readonly samples: readonly Sample<P>[];
  /** Calls that must be refused; empty if every call is allowed. */
  readonly errors: readonly ErrorSample<P>[];
}

/** An op of any inputs, params and results. */
export type AnyOp = ((...args: never[]) => unknown) & { readonly spec: Declaration<never> };

/** The type of the params of a call: the argument after the tensors. */
type ParamsOf<Arguments> = Arguments extends []
  ? undefined
  : Arguments extends [TensorLike | readonly TensorLike[], ...infer Rest]
    ? ParamsOf<Rest>
    : Arguments extends [(infer P)?]
      ? P
      : unknown;

/**
 * The samples of all `Ops`, by name. A missing entry, or params that an op does not have, is a type error.
 *
 * @example
 * import type * as ops from "./my-ops.ts";
 * const samples: SamplesOf<typeof ops> = { cube: { samples: unarySamples(), errors: [] } };
 */
export type SamplesOf<Ops> = {
  readonly [K in keyof Ops as Ops[K] extends AnyOp ? K : never]: Ops[K] extends (
    ...args: infer Arguments
  ) => unknown
    ? OpSamples<ParamsOf<Arguments>>
    : never;
};

/** Uniform random numbers of a shape, or given values. */
export type SampleInput = RandomInput | { readonly values: NestedNumbers };

export interface RandomInput extends Domain {
  readonly shape: Shape;
}

/** The range of random inputs: uniform in [low, high), at a distance from the points to `avoid`. */
export interface Domain {
  /** Default -2. */
  readonly low?: number;
  /** Default 2. */
  readonly high?: number;
  /** Kinks and poles. Inputs keep 0.01 away from them, because a finite difference across them is wrong. */
  readonly avoid?: readonly number[];
}

/** The shapes that every op of one tensor must handle: ranks 0 to 3, size 1 and size 0. */
const UNARY_SHAPES: readonly Shape[] = [[], [1], [3], [2, 3], [1, 4], [2, 1, 3], [0], [2, 0]];

/** Pairs of shapes with all kinds of broadcasting. */
const BINARY_SHAPES: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[3], [3]],
  [[2, 3], [3]],
  [[2, 3], []],
  [[], [2, 2]],
  [
    [2, 1],
    [1, 3],
  ],
  [[3], [2, 1, 3]],
  [
    [2, 1, 3],
    [2, 1],
  ],
  [[0], [1]],
  [
    [2, 0],
    [1, 1],
  ],
];

function checkDomain(who: string, domain: unknown): void {
  checkGiven(who, "option", domain, { low: "finite", high: "finite", avoid: "numbers" });
}

/** Samples of all basic shapes for an op of one tensor. */
export function unarySamples<P>(
  domain: Domain = {},
  params?: P,
  ...extra: readonly undefined[]
): Sample<P>[] {
  noMore("unarySamples", "domain, params", extra);
  checkDomain("unarySamples", domain);
  return UNARY_SHAPES.map((shape) => ({ inputs: [{ shape, ...domain }], params }));
}

/** Samples of all broadcasting pairs for an op of two tensors. */
export function binarySamples<P>(
  first: Domain = {},
  second: Domain = first,
  params?: P,
  ...extra: readonly undefined[]
): Sample<P>[] {
  noMore("binarySamples", "first, second, params", extra);
  for (const domain of [first, second]) checkDomain("binarySamples", domain);
  return BINARY_SHAPES.map(([a, b]) => ({
    inputs: [
      { shape: a, ...first },
      { shape: b, ...second },
    ],
    params,
  }));
}

/** A sample that fills the given shapes from one domain. */
export function sample<P>(
  shapes: readonly Shape[],
  params?: P,
  domain: Domain = {},
  ...extra: readonly undefined[]
): Sample<P> {
  noMore("sample", "shapes, params, domain", extra);
  checkDomain("sample", domain);
  if (!Array.isArray(shapes))
    throw new ArgumentError(`sample: needs an array of shapes, got ${show(shapes)}`);
  return {
    inputs: Array.from(shapes, (shape) => ({ shape: checkShape(shape, "sample"), ...domain })),
    params,
  };
}
