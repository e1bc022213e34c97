import type { Watcher } from "@gradus/core/watch";

type Forward = (this: object, ...args: unknown[]) => unknown;
interface LayerClass {
  readonly prototype: { forward: Forward };
}

/**
 * Runs a function; meanwhile each layer of the given classes tells the watcher its name: its class and a number, as in
 * "Dense 2". A layer inside another one keeps the name of the inner one for its own ops.
 *
 * A program makes its nets while it runs, so the classes must know, not the objects: each prototype has another `forward` meanwhile.
 */
export function withNamedLayers<T>(exports: object, { layer }: Watcher, run: () => T): T {
  const counts = new Map<string, number>();
  const names = new WeakMap<object, string>();
  const nameOf = (one: object): string => {
    const kind = one.constructor.name;
    if (!names.has(one)) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      names.set(one, `${kind} ${counts.get(kind)}`);
    }
    return names.get(one) as string;
  };
  const undo: (() => void)[] = [];
  try {
    for (const { prototype } of Object.values(exports).filter(isLayerClass)) {
      const { forward } = prototype;
      prototype.forward = shadow(forward, layer, nameOf);
      undo.push(() => {
        prototype.forward = forward;
      });
    }
    return run();
  } finally {
    for (const putBack of undo) putBack();
  }
}

/** Code without a file, which is never taken for the line of the program that called an op. */
const shadow = new Function(
  "forward",
  "layer",
  "nameOf",
  "return function (...args) { return layer(nameOf(this), () => forward.apply(this, args)); };",
) as (forward: Forward, layer: Watcher["layer"], nameOf: (one: object) => string) => Forward;

function isLayerClass(value: unknown): value is LayerClass {
  return (
    typeof value === "function" && Object.hasOwn((value.prototype as object | undefined) ?? {}, "forward")
  );
}
