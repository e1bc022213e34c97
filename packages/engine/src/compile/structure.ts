import { ArgumentError, Gradients, Tensor, tagOf } from "@gradus/core";

/**
 * Maps the tensors in the value that a compiled function returns: a tensor, Gradients, or arrays and plain objects of such.
 * Everything else stays as it was in the trace.
 */
export function mapTensors<T>(value: T, f: (x: Tensor) => Tensor): T {
  return map(value, f) as T;
}

function map(value: unknown, f: (x: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return f(value);
  if (value instanceof Gradients) {
    return new Gradients(new Map([...value.keys()].map((x) => [f(x), f(value.of(x))])));
  }
  if (tagOf(value) === "Promise") {
    throw new ArgumentError("compile: the function must not be async: what it awaits cannot be traced");
  }
  if (Array.isArray(value)) return value.map((item) => map(item, f));
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, f)]));
  }
  return value;
}
