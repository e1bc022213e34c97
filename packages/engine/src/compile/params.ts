import { tagOf } from "@gradus/core";

/**
 * The params of an op as a trace keeps them: arrays and plain objects are copied, since the caller may change them later.
 * Everything else, such as a random stream, is kept as it is.
 */
export function copyParams<T>(params: T): T {
  return copy(params) as T;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (isFloat64(value)) return value.slice();
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}

/** Whether two values are the same data. `alike` decides about two different objects that are not plain. */
export function sameParams(a: unknown, b: unknown, alike: (a: object, b: object) => boolean): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isPlain(a)) {
    if (!isPlain(b)) return alike(a, b);
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    for (const key of keys) if (!Object.hasOwn(b, key) || !sameParams(a[key], b[key], alike)) return false;
    return true;
  }
  if (!(Array.isArray(a) || isFloat64(a))) return alike(a, b);
  const other = b as ArrayLike<unknown>;
  if (a.constructor !== b.constructor || a.length !== other.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameParams(a[i], other[i], alike)) return false;
  return true;
}

function isFloat64(value: unknown): value is Float64Array {
  return ArrayBuffer.isView(value) && tagOf(value) === "Float64Array";
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
