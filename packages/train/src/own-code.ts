import { Parameter, Tensor } from "@gradus/core";
import { isOwnFunction, ops, ownMethods } from "@gradus/core/internal";
import type { Layer } from "@gradus/nn";

/**
 * Says whether a net computes the same as before, without running it, if all of its code is that of gradus: ops, and layers that
 * read nothing but their fields.
 *
 * @returns gives a number that changes with any field of the net; null as soon as there is other code, which may read anything.
 * @internal
 */
export function ownCode(net: Layer): () => number | null {
  let same = watchOwn(net);
  let changes = 0;
  return () => {
    if (same === null) return null;
    if (!same()) {
      same = watchOwn(net);
      changes++;
    }
    return same === null ? null : changes;
  };
}

/** Notes the fields of a net of gradus' own layers. @returns tells whether all are the same; null for a net with other code. */
function watchOwn(net: Layer): (() => boolean) | null {
  const holders: object[] = [];
  const keys: string[] = [];
  const values: unknown[] = [];
  const objects = new Set<object>([net]);
  for (const object of objects) {
    const names = namesOf(object);
    if (names === null) return null;
    for (const name of names) {
      const descriptor = Object.getOwnPropertyDescriptor(object, name);
      if (descriptor && !("value" in descriptor)) return null; // a getter runs code
      const value = (object as Readonly<Record<string, unknown>>)[name];
      holders.push(object);
      keys.push(name);
      values.push(value);
      if (object instanceof Tensor) continue;
      if (typeof value === "object" && value !== null) objects.add(value);
      if (typeof value === "function" && !isOwn(value)) return null;
    }
  }
  return () => {
    for (let i = 0; i < values.length; i++) {
      if (!Object.is((holders[i] as Readonly<Record<string, unknown>>)[keys[i]], values[i])) return false;
    }
    return true;
  };
}

/** The fields that decide what an object does; null if it has code that is not gradus' own. */
function namesOf(object: object): readonly string[] | null {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === Parameter.prototype || prototype === Tensor.prototype) {
    return (object as Tensor).record === null ? ["storage", "shape", "tracked", "record"] : null;
  }
  if (prototype === Array.prototype) return [...Object.keys(object), "length"];
  const data = prototype === Object.prototype && !("forward" in object);
  const methods = data ? [] : ownMethods(object);
  return methods && [...Object.keys(object), ...methods];
}

const ownOps: ReadonlySet<unknown> = new Set(Object.values(ops));

/** Whether a function is an op of gradus, which reads only its arguments. @internal */
export function isOwn(f: object): boolean {
  return ownOps.has(f) || isOwnFunction(f);
}
