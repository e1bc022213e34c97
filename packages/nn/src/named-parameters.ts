import { type NamedParameter, Parameter, Tensor } from "@gradus/core";
import type * as calls from "./check-net.ts";

/** A tensor and the name it has in its net, such as `layers.1.runningMean`. */
export type NamedTensor = readonly [name: string, tensor: Tensor];

/** Checks of nets and layers. Importing @gradus/nn sets them (install.ts). */
export const checks: Partial<typeof calls> = {};

/**
 * All tensors a net is made of: its parameters and its buffers (plain tensors, such as running statistics).
 *
 * Walks public fields, arrays, Maps and Sets in their order (fields named by whole numbers come first, as everywhere in
 * JavaScript), and names each tensor by its path: `layers.0.weight`. A tensor reached twice is listed once, under its
 * first name; cycles do no harm. Not looked at: functions, `#private` fields, and results of an earlier computation.
 *
 * @throws ArgumentError if `net` is no object, a field holds a `variable` (which training would not change) or a tensor of
 *   another copy of the package, a Map has a key that cannot be part of a name, or two tensors get the same name.
 * @example
 * class Net { readonly weight = new Parameter([1, 2]); readonly mean = tensor([0]); }
 * namedTensors(new Net()).map(([name]) => name); // ["weight", "mean"]
 */
export function namedTensors(net: object): NamedTensor[] {
  const all = [...reachable(net)];
  checks.net?.(net, all);
  return all.filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor && !entry[1].record);
}

/**
 * The parameters of a net with their names, in the order in which they were declared, each once even if it is
 * shared: what optimizers take. See {@link namedTensors} for what is looked at.
 *
 * @example
 * namedParameters({ layers: [{ weight: new Parameter([1, 2]) }] }); // [["layers.0.weight", parameter [2]]]
 */
export function namedParameters(net: object): NamedParameter[] {
  return namedTensors(net).filter((entry): entry is NamedParameter => entry[1] instanceof Parameter);
}

/** All objects that public fields, arrays, Maps and Sets lead to, each once, with its path. Fields of tensors are left out. */
export function* reachable(
  value: unknown,
  name = "",
  seen: Set<object> = new Set(),
): Generator<[name: string, value: object]> {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  yield [name, value];
  if (value instanceof Tensor || ArrayBuffer.isView(value)) return;
  checks.object?.(value, name);
  for (const [key, child] of childrenOf(value)) {
    yield* reachable(child, name === "" ? key : `${name}.${key}`, seen);
  }
}

function childrenOf(value: object): [key: string, child: unknown][] {
  // A Map of another window is no instance of the Map of this one.
  const tag = Object.prototype.toString.call(value);
  // By index, so that nothing depends on the order of integer-like keys.
  if (Array.isArray(value) || tag === "[object Set]")
    return Array.from(value as Set<unknown>, (child, i) => [String(i), child]);
  if (tag !== "[object Map]") return Object.entries(value);
  return Array.from(value as Map<unknown, unknown>, ([key, child]) => [String(key), child]);
}
