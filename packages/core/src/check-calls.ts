// The checks that the heart calls through `checks`. Importing core sets them (install.ts).

import type { BackwardOptions } from "./backward.ts";
import { checkGiven } from "./check-given.ts";
import { ArgumentError, GradientError, ShapeError } from "./errors.ts";
import { notTensor } from "./messages.ts";
import type { AnySpec } from "./op.ts";
import { isListOf } from "./ranges.ts";
import { formatShape, sameShape, show } from "./shape.ts";
import { tagOf } from "./tag.ts";
import { Tensor } from "./tensor.ts";

export { checkGiven } from "./check-given.ts";
export { assign, tensor } from "./check-numbers.ts";
export { checkShape } from "./check-shape.ts";
export { allocate, axes, broadcastTo, product, reshape } from "./check-sizes.ts";
export { nearestName } from "./nearest-name.ts";
export { checkState } from "./rng-state.ts";

/** The operands of an op. */
export function operands(name: string, values: readonly unknown[], count: number): void {
  if (values.length < count) throw new ArgumentError(`${name}: needs ${count} tensors, got ${values.length}`);
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value instanceof Tensor || typeof value === "number") continue;
    throw new ArgumentError(`${name}: input ${i + 1} must be a tensor or a number, got ${notTensor(value)}`);
  }
}

/** The params of an op with the defaults; refuses params that are missing, unknown or out of range. */
export function params(
  { name, defaults = {}, required = [], ranges }: Pick<AnySpec, "name" | "defaults" | "required" | "ranges">,
  given: unknown,
  extra: readonly unknown[],
): object {
  if (given === undefined && required.length + extra.length === 0) return defaults;
  const known = ranges ?? ([...required, ...Object.keys(defaults)] as string[]);
  const all: Record<string, unknown> = { ...defaults, ...checkGiven(name, "param", given, known, extra) };
  for (const key of required as string[]) {
    if (all[key] === undefined) throw new ArgumentError(`${name}: param ${show(key)} is missing`);
  }
  return all;
}

const BACKWARD = { cotangent: "tensor", differentiable: "flag", inputs: "tensors" } as const;

/** The arguments of `backward`. @returns a copy of the options. */
export function backward(y: unknown, options: BackwardOptions, extra: readonly unknown[]): BackwardOptions {
  const given: BackwardOptions = checkGiven("backward", "option", options, BACKWARD, extra);
  if (!(y instanceof Tensor)) throw new ArgumentError(`backward: needs a tensor, got ${notTensor(y)}`);
  if (!y.tracked)
    throw new GradientError("backward: the result does not depend on any Parameter or variable(x)");
  if (given.cotangent === undefined) {
    if (y.size === 1) return given;
    throw new GradientError(
      `backward(${formatShape(y.shape)}): only a single number can be differentiated; sum it, or pass a cotangent`,
    );
  }
  if (sameShape(given.cotangent.shape, y.shape)) return given;
  throw new ShapeError(
    `backward: the cotangent has shape ${formatShape(given.cotangent.shape)}, the result ${formatShape(y.shape)}`,
  );
}

/** Throws the reason why the numbers of a tensor are not all there. */
export function gone(): never {
  throw new ArgumentError(
    "the numbers of a tensor are gone: the buffer of x.data was transferred (postMessage) or made smaller; transfer x.data.slice().buffer",
  );
}

/** What gradients are looked up by. */
export function key(x: unknown): void {
  if (!(x instanceof Tensor)) throw new ArgumentError(`gradients.of: needs a tensor, got ${notTensor(x)}`);
}

/** The arguments of `update`. */
export function update(spec: unknown, ...lists: readonly unknown[]): void {
  const isTensor = (x: unknown): boolean => x instanceof Tensor;
  // A generator would not run, and an async function only in part.
  if (tagOf(Object(spec).run) === "Function" && lists.every((list) => isListOf(list, isTensor))) return;
  throw new ArgumentError(
    `update: needs { name, run } and two arrays of tensors, got ${show([spec, ...lists])}`,
  );
}

/** Throws the reason why a tensor has no gradient. */
export function noGradient(x: Tensor): never {
  const reason = x.tracked
    ? x.record
      ? "it is computed, not a Parameter or variable"
      : "the differentiated result does not depend on it"
    : "it is a constant: make it a Parameter or mark it with variable(x)";
  throw new GradientError(`no gradient for this tensor of shape ${formatShape(x.shape)}: ${reason}`);
}
