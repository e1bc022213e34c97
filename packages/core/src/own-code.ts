/** Functions, and the prototypes of layers with the `forward` that they were made with. */
const own = new WeakMap<object, unknown>();

/** Marks a class of layers: `forward` reads only its arguments and the fields of its layer, so `fit` can know what it does without running it. */
export function ownLayer(layer: () => { readonly prototype: { readonly forward: unknown } }): true {
  const { prototype } = layer();
  own.set(prototype, prototype.forward);
  return true;
}

/** Marks a function, or the declaration of an op, that reads only its arguments. */
export function ownFunction<F extends object>(f: F): F {
  own.set(f, f);
  return f;
}

/** Whether a layer's class is marked, itself, not the one that it extends, and has still the same `forward`. */
export function isOwnLayer(layer: { readonly forward?: unknown }): boolean {
  return layer.forward !== undefined && own.get(Object.getPrototypeOf(layer)) === layer.forward;
}

export function isOwnFunction(f: object): boolean {
  return own.has(f);
}
