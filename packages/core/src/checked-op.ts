import { checkShape } from "./check-shape.ts";
import { type DerivedSpec, deriveOp as derive } from "./derived-op.ts";
import { ArgumentError, GradientError, ShapeError } from "./errors.ts";
import { type ListOp, defineListOp as listOp } from "./list-op.ts";
import { type AnySpec, defineOp as define, type Op, type OpSpec } from "./op.ts";
import { resolveOptions } from "./options.ts";
import { callable, count, optional, type Range, text } from "./ranges.ts";
import { broadcastShapes, formatShape, type Shape, sameShape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

// Declarations of other programs, checked; gradus' own ops are declared with op.ts, derived-op.ts and list-op.ts.

const any: Range = { says: "", admits: () => true };
const record: Range = optional({
  says: "must be an object",
  admits: (x) => typeof x === "object" && x !== null,
});

const ofAll = {
  name: text,
  formula: optional(text),
  source: optional(text),
  defaults: record,
  required: any,
  ranges: record,
};
const ofOps = { ...ofAll, shape: callable, forward: callable, impure: any, kernel: any };
const rules: Range = {
  says: "must be a list with a gradient rule (a function, or null) for each input",
  admits: (list) =>
    Array.isArray(list) && Array.from(list).every((rule) => rule === null || callable.admits(rule)),
};

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
 *
 * @throws ArgumentError for a declaration without one of its parts; `backward` throws a GradientError or ShapeError if a gradient rule
 *   returns anything but a tensor that fits its input.
 */
export function defineOp<I extends readonly Tensor[], P = void>(spec: OpSpec<I, P>): Op<I, P> {
  return define<I, P>(checked("defineOp", spec as AnySpec) as OpSpec<I, P>);
}

/** Like {@link defineOp}, for an op on a list of tensors; its one gradient rule is used for every element. */
export function defineListOp<P = void>(spec: OpSpec<readonly Tensor[], P>): ListOp<P> {
  return listOp<P>(checked("defineListOp", spec as AnySpec) as OpSpec<readonly Tensor[], P>);
}

/**
 * Declares an op that is a formula over other ops: `compute` runs them, and gradients of any order follow from theirs.
 *
 * @throws ArgumentError for a declaration without one of its parts; the op itself throws one if `compute` returns nothing or a
 *   promise.
 */
export function deriveOp<I extends readonly Tensor[], P = void, Out = Tensor>(
  spec: DerivedSpec<I, P, Out>,
): Op<I, P, Out> {
  const given = resolveOptions<DerivedSpec<I, P, Out>>("deriveOp", spec, {}, { ...ofAll, arity: count, compute: callable } as never); // biome-ignore format: one line
  const compute: typeof spec.compute = (inputs, params) => {
    const out: unknown = given.compute(inputs, params);
    if (typeof out === "object" && out !== null && !("then" in out)) return out as Out;
    throw new ArgumentError(`compute must return a tensor, got ${show(out)}`);
  };
  return derive<I, P, Out>({ ...given, compute });
}

/** A declaration whose functions are checked when they have run. */
function checked(who: string, given: AnySpec): AnySpec {
  const spec = resolveOptions<AnySpec>(who, given, {}, { ...ofOps, vjp: rules } as never);
  return {
    ...spec,
    shape: (shapes, params) => checkShape(spec.shape(shapes, params), "the shape rule"),
    forward(inputs, out, outShape, params) {
      const result: unknown = spec.forward(inputs, out, outShape, params);
      if (result === undefined) return;
      throw new ArgumentError(
        `forward fills out, and what it returns is not read: it returned ${show(result)}`,
      );
    },
    vjp: spec.vjp.map(
      (rule, i) => rule && ((g, context) => gradientOf(rule(g, context), spec.name, i, context)),
    ),
  };
}

/** The result of gradient rule i, checked: a tensor of the shape of its input, or one that was broadcast from it. */
function gradientOf(
  gradient: unknown,
  name: string,
  i: number,
  { shapes, index, out }: { readonly shapes: readonly Shape[]; readonly index: number; readonly out: Tensor },
): Tensor {
  const who = `backward: gradient rule ${i + 1} of ${name}`;
  if (!(gradient instanceof Tensor))
    throw new GradientError(`${who} must return a tensor, got ${show(gradient)}`);
  const { shape } = gradient;
  const input = shapes[index];
  if (sameShape(shape, input)) return gradient;
  let fits = shape.length <= Math.max(input.length, out.shape.length);
  try {
    fits &&= sameShape(broadcastShapes(input, shape), shape);
  } catch {
    fits = false;
  }
  if (fits) return gradient;
  throw new ShapeError(
    `${who} returned the shape ${formatShape(shape)} for an input of shape ${formatShape(input)}`,
  );
}
