import { ArgumentError, type NamedParameter, Parameter, show, Tensor } from "@gradus/core";
import type { Layer } from "./layer.ts";

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
 * namedTensors(new Sequential(new BatchNorm1d(3))).map(([name]) => name);
 * // ["layers.0.scale", "layers.0.shift", "layers.0.runningMean", "layers.0.runningVariance"]
 */
export function namedTensors(net: object): NamedTensor[] {
  if (typeof net !== "object" || net === null || net instanceof Tensor) {
    throw new ArgumentError(`namedTensors: a net is an object with fields, got ${show(net)}`);
  }
  const found = new Map<string, Tensor>();
  for (const [name, value] of reachable(net)) {
    if (!(value instanceof Tensor) || value.record !== null) continue;
    checkLeaf(value, name, found);
    found.set(name, value);
  }
  return [...found];
}

/**
 * The parameters of a net with their names, in the order in which they were declared, each once even if it is
 * shared: what optimizers take. See {@link namedTensors} for what is looked at.
 *
 * @example
 * namedParameters(new Sequential(new Dense(2, 3, { rng })));
 * // [["layers.0.weight", parameter [2,3]], ["layers.0.bias", parameter [3]]]
 */
export function namedParameters(net: object): NamedParameter[] {
  return namedTensors(net).filter((entry): entry is NamedParameter => entry[1] instanceof Parameter);
}

/**
 * The layers a net is made of, itself first, with their names: the way there, as {@link namedTensors} goes it, and `""` for the
 * net. A layer reached twice is listed once, under its first name.
 *
 * @example
 * namedLayers(new Sequential(new Dense(2, 3, { rng }), new SELU())).map(([name]) => name);
 * // ["", "layers.0", "layers.1"]
 */
export function namedLayers(net: Layer): (readonly [name: string, layer: Layer])[] {
  return [...reachable(net)].filter((entry): entry is [string, Layer] => {
    return typeof (entry[1] as Partial<Layer>).forward === "function";
  });
}

/** All objects that public fields, arrays, Maps and Sets lead to, each once, with the way there. Tensors are not looked into. */
function* reachable(
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
  if ("data" in value && "shape" in value && value.data instanceof Float64Array) {
    throw new ArgumentError(
      `namedTensors: ${name} is a tensor of another copy of @gradus/core; install it once`,
    );
  }
  // By index, so that nothing depends on the order of integer-like keys.
  if (Array.isArray(value) || value instanceof Set) return [...value].map((child, i) => [String(i), child]);
  if (!(value instanceof Map)) return Object.entries(value);
  return [...value].map(([key, child]) => {
    if (typeof key !== "string" && typeof key !== "number") {
      throw new ArgumentError(
        `namedTensors: the Map at ${show(name)} has the key ${show(key)}, which cannot be part of a name; use text`,
      );
    }
    return [String(key), child];
  });
}

function checkLeaf(x: Tensor, name: string, found: ReadonlyMap<string, Tensor>): void {
  if (x.tracked && !(x instanceof Parameter)) {
    throw new ArgumentError(
      `namedTensors: ${name} is a variable, which training would not change; make it a Parameter`,
    );
  }
  if (found.has(name)) throw new ArgumentError(`namedTensors: two tensors are named ${show(name)}`);
}
