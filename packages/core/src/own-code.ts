/** Functions, and the prototypes of layers with the methods that they were made with. */
const own = new WeakMap<object, readonly (readonly [name: string, method: unknown])[]>();

/**
 * Marks a class of layers: `forward` reads only its arguments and the fields of its layer, so `fit` can know what it does without
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
  return true;
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
