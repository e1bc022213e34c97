import { ArgumentError, Gradients, show, Tensor, tagOf } from "@gradus/core";

/** Puts tensors into a value like the one that a function has returned. */
export type Form = (tensors: readonly Tensor[]) => unknown;

/** A value that a compiled function returns has at most so many arrays and objects inside each other. */
const DEEPEST = 64;

/**
 * The form of the value that a compiled function returns: a tensor, Gradients, or arrays and plain objects of them. Numbers,
 * texts and the like stay as they were in the trace.
 *
 * @param place gives each tensor its place in the list that the form takes.
 * @throws ArgumentError for anything else, as it would be the one of the trace in all later calls.
 */
export function formOf(value: unknown, place: (x: Tensor) => number, path: readonly string[] = []): Form {
  if (value instanceof Tensor) {
    const i = place(value);
    return (tensors) => tensors[i];
  }
  if (value instanceof Gradients) {
    const pairs = [...value.keys()].map((x) => [place(x), place(value.of(x))] as const);
    return (tensors) => new Gradients(new Map(pairs.map(([x, g]) => [tensors[x], tensors[g]])));
  }
  if (typeof value === "object" ? value === null : typeof value !== "function") return () => value;
  if (path.length > DEEPEST) {
    throw new ArgumentError(
      `compile: the function returns arrays and objects that contain themselves, or that are more than ${DEEPEST} inside each other`,
    );
  }
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, i) => formOf(item, place, [...path, `[${i}]`]));
    return (tensors) => items.map((item) => item(tensors));
  }
  if (!isPlain(value)) throw new ArgumentError(refusal(value as object, path));
  const entries = ownKeys(value).map(
    (key) => [key, formOf(value[key as string], place, [...path, `.${String(key)}`])] as const,
  );
  return (tensors) => Object.fromEntries(entries.map(([key, item]) => [key, item(tensors)]));
}

/** Goes through the tensors that {@link formOf} gives places, in its order. */
export function eachTensor(value: unknown, see: (x: Tensor) => void): void {
  if (value instanceof Tensor) see(value);
  else if (Array.isArray(value)) for (const item of value) eachTensor(item, see);
  else if (isPlain(value)) for (const key of ownKeys(value)) eachTensor(value[key as string], see);
  else if (value instanceof Gradients) {
    for (const x of value.keys()) {
      see(x);
      see(value.of(x));
    }
  }
}

function refusal(value: object, path: readonly string[]): string {
  const kind = tagOf(value);
  if (kind === "Promise") return "compile: the function must not be async: what it awaits cannot be traced";
  if (kind.endsWith("Generator")) {
    return "compile: the function must not be a generator: its body runs only when it is iterated";
  }
  return (
    `compile: the function returns ${show(value)}${path.length > 0 ? `, at result${path.join("")}` : ""}, which later calls ` +
    "could not compute again. Return tensors, Gradients, numbers, texts, or arrays and plain objects of them"
  );
}

function ownKeys(value: object): (string | symbol)[] {
  const symbols = Object.getOwnPropertySymbols(value);
  return symbols.length > 0 ? [...Object.keys(value), ...symbols] : Object.keys(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  // That of another window or vm context; an iterator has one whose prototype has a prototype.
  return Object.getPrototypeOf(prototype) === null && prototype.constructor?.name === "Object";
}
