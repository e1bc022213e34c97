import { ArgumentError, Parameter, show, Tensor, tagOf } from "@gradus/core";

// The checks of named-parameters.ts and of layers. Importing @gradus/nn sets them (install.ts).

export {
  activationHint,
  fans,
  fixFields,
  initializerHint,
  input,
  inputs,
  tensor,
  wrappable,
  wrapped,
} from "./check-layer.ts";

/** A net, and all objects in it with their names. */
export function net(given: unknown, found: readonly (readonly [name: string, value: object])[]): void {
  if (typeof given !== "object" || given === null || given instanceof Tensor)
    refuse(`a net is an object with fields, got ${show(given)}`);
  const names = new Set<string>();
  for (const [name, value] of found) {
    if (!(value instanceof Tensor) || value.record) continue;
    if (value.tracked && !(value instanceof Parameter))
      refuse(`${name} is a variable, which training would not change; make it a Parameter`);
    if (names.has(name)) refuse(`two tensors are named ${show(name)}`);
    names.add(name);
  }
}

/** An object in a net. */
export function object(value: object, name: string): void {
  if ("tracked" in value) refuse(`${name} is ${show(value)}`);
  if (tagOf(value) !== "Map") return;
  for (const key of (value as ReadonlyMap<unknown, unknown>).keys()) {
    if (typeof key !== "string" && typeof key !== "number")
      refuse(`the Map at ${show(name)} has the key ${show(key)}, which cannot be part of a name; use text`);
  }
}

function refuse(reason: string): never {
  throw new ArgumentError(`namedTensors: ${reason}`);
}
