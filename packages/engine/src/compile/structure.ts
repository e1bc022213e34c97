import { ArgumentError, Gradients, Tensor, tagOf } from "@gradus/core";

/**
 * Maps the tensors in the value that a compiled function returns: a tensor, Gradients, or arrays and plain objects of such.
 * Everything else stays as it was in the trace.
 */
export function mapTensors<T>(value: T, f: (x: Tensor) => Tensor): T {
  return map(value, f) as T;
}

/** Goes through the tensors that {@link mapTensors} maps, in its order. */
export function eachTensor(value: unknown, see: (x: Tensor) => void): void {
  if (value instanceof Tensor) see(value);
  else if (Array.isArray(value)) for (const item of value) eachTensor(item, see);
  else if (isPlain(value)) for (const key of Object.keys(value)) eachTensor(value[key], see);
  else
    mapTensors(value, (x) => {
      see(x);
      return x;
    });
}

function map(value: unknown, f: (x: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return f(value);
  if (value instanceof Gradients) {
    return new Gradients(new Map([...value.keys()].map((x) => [f(x), f(value.of(x))])));
  }
  if (tagOf(value) === "Promise") {
    throw new ArgumentError("compile: the function must not be async: what it awaits cannot be traced");
  }
  if (tagOf(value).endsWith("Generator")) {
    throw new ArgumentError(
      "compile: the function must not be a generator: its body runs only when it is iterated",
    );
  }
  if (Array.isArray(value)) return value.map((item) => map(item, f));
  if (isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, f)]));
  }
  return value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
