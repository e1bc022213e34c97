import { refuseOperators } from "./misuse.ts";

/** Functions, and the prototypes of layers with the methods that they were made with. */
const own = new WeakMap<object, readonly (readonly [name: string, method: unknown])[]>();

/**
 * Marks a class of layers as gradus' own, gives it JSON, and refuses operators on it: `forward` reads only its arguments and the fields of its layer, so `fit` can know what it does without
 * running it.
 *
 * @param further the names of other methods that `forward` calls, its own or those of layers in its fields.
 */
export function ownLayer(
  layer: () => { readonly prototype: { readonly forward: unknown } },
  ...further: readonly string[]
): true {
  const prototype = layer().prototype as Readonly<Record<string, object>> & { readonly forward: object };
  const methods = ["forward", ...further].map((name) => [name, prototype[name]] as const);
  own.set(prototype, methods);
  for (const [, method] of methods) ownFunction(method);
  refuseOperators(prototype, "a layer", "layer.forward(x) is its output, String(layer) its text");
  if (!("toJSON" in prototype)) Object.defineProperty(prototype, "toJSON", { value: json, writable: true });
  return true;
}

/** A layer for `JSON.stringify`, which leaves functions out: its fields, with the names of its activations. */
function json(this: object): object {
  const fields = Object.entries(this);
  return Object.fromEntries(fields.map(([k, v]) => [k, typeof v === "function" ? activationName(v) : v]));
}

/** `selu` for the op, the name of any other function, `function` for one without a name. */
export function activationName(activation: object): string {
  const { spec, name } = activation as { readonly spec?: { readonly name: string }; readonly name?: string };
  return spec?.name ?? (name || "function");
}

/** Marks a function, or the declaration of an op, that reads only its arguments. */
export function ownFunction<F extends object>(f: F): F {
  own.set(f, []);
  return f;
}

/** The names of a layer's methods, if its class is marked, itself, not the one that it extends, and has still the same ones; else null. */
export function ownMethods(layer: object): readonly string[] | null {
  const methods = own.get(Object.getPrototypeOf(layer));
  const same = methods?.every(
    ([name, method]) => (layer as Readonly<Record<string, unknown>>)[name] === method,
  );
  return methods && same ? methods.map(([name]) => name) : null;
}

export function isOwnFunction(f: object): boolean {
  return own.has(f);
}
