import { ArgumentError, type NamedParameter, Parameter, show, Tensor } from "@gradus/core";

/** A tensor and the name it has in its net, such as `layers.1.runningMean`. */
export type NamedTensor = readonly [name: string, tensor: Tensor];

/**
 * All tensors a net is made of: its parameters and its buffers (plain tensors, such as running statistics).
 *
 * Walks public fields, arrays, Maps and Sets in the order in which they were declared or filled, and names
 * what it finds by the way there: `layers.0.weight`. (Fields named by whole numbers come first, in numeric
 * order: JavaScript keeps them so.) A tensor reached twice is listed once, under its first name; cycles do no
 * harm. Not looked at: functions, `#private` fields (JavaScript hides them), and results kept from an earlier
 * computation.
 *
 * @throws ArgumentError if `net` is not an object with fields, one of them holds a `variable` (which training
 *   would not change) or a tensor of another copy of the package, a Map has a key that cannot be part of a
 *   name, or two tensors get the same name.
 * @example
 * class Net { readonly weight = new Parameter([1, 2]); readonly mean = tensor([0]); }
 * namedTensors(new Net()).map(([name]) => name); // ["weight", "mean"]
 */
export function namedTensors(net: object): NamedTensor[] {
  if (typeof net !== "object" || net === null || net instanceof Tensor) {
    throw new ArgumentError(`namedTensors: a net is an object with fields, got ${show(net)}`);
  }
  const found = new Map<string, Tensor>();
  for (const [name, value] of reachable(net)) {
    if (!(value instanceof Tensor) || value.record !== null) continue;
    if (value.tracked && !(value instanceof Parameter)) {
      const way = "which training would not change; make it a Parameter";
      throw new ArgumentError(`namedTensors: ${name} is a variable, ${way}`);
    }
    if (found.has(name)) throw new ArgumentError(`namedTensors: two tensors are named ${show(name)}`);
    found.set(name, value);
  }
  return [...found];
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

/** All objects that public fields, arrays, Maps and Sets lead to, each once, with the way there. Tensors are not looked into. */
export function* reachable(
  value: unknown,
  name = "",
  seen: Set<object> = new Set(),
): Generator<[name: string, value: object]> {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  yield [name, value];
  if (value instanceof Tensor) return;
  for (const [key, child] of childrenOf(value, name)) {
    yield* reachable(child, name === "" ? key : `${name}.${key}`, seen);
  }
}

function childrenOf(value: object, name: string): readonly (readonly [key: string, child: unknown])[] {
  if (ArrayBuffer.isView(value)) return [];
  // The tag is right also for a Map of another window or worker.
  const tagOf = (x: unknown): string => Object.prototype.toString.call(x);
  if ("data" in value && "shape" in value && tagOf(value.data) === "[object Float64Array]") {
    throw new ArgumentError(
      `namedTensors: ${name} is a tensor of another copy of @gradus/core; install it once`,
    );
  }
  // By index, so that nothing depends on the order of integer-like keys.
  if (Array.isArray(value) || tagOf(value) === "[object Set]")
    return [...(value as Set<unknown>)].map((child, i) => [String(i), child]);
  if (tagOf(value) !== "[object Map]") return Object.entries(value);
  return [...(value as Map<unknown, unknown>)].map(([key, child]) => {
    if (typeof key === "string" || typeof key === "number") return [String(key), child];
    const reason = `the key ${show(key)}, which cannot be part of a name; use text`;
    throw new ArgumentError(`namedTensors: the Map at ${show(name)} has ${reason}`);
  });
}
