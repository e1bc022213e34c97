import { type NumericsTrap, Tensor } from "@gradus/core";
import type { Layer } from "@gradus/nn";

/**
 * Runs a function during which the trap knows which layer of a net is at work: by the way there and its class, as in
 * `layers.3 (Dense)`. A layer that stands in several places goes by the first.
 *
 * Layers know nothing of this. As long as the function runs, each has a `forward` of its own that tells the trap and then
 * calls the one of its class; frozen layers are left out. @internal
 */
export function withLayerPaths<T>(net: Layer, trap: NumericsTrap, run: () => T): T {
  const undo: (() => void)[] = [];
  try {
    for (const [path, layer] of layersOf(net)) undo.push(shadow(layer, label(path, layer), trap));
    return run();
  } finally {
    for (const putBack of undo.reverse()) putBack();
  }
}

/** All layers of a net, itself included, found where `namedParameters` looks: in fields, arrays, Maps and Sets. */
function layersOf(net: Layer): (readonly [path: string, layer: Layer])[] {
  const found: [string, Layer][] = [];
  const seen = new Set<object>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    if (value instanceof Tensor || ArrayBuffer.isView(value)) return;
    seen.add(value);
    if (typeof (value as Partial<Layer>).forward === "function") found.push([path, value as Layer]);
    for (const [key, child] of childrenOf(value)) walk(child, path === "" ? key : `${path}.${key}`);
  };
  walk(net, "");
  return found;
}

function childrenOf(value: object): (readonly [key: string, child: unknown])[] {
  if (value instanceof Map) return [...value].map(([key, child]) => [String(key), child]);
  return Object.entries(value instanceof Set ? [...value] : value);
}

function label(path: string, layer: Layer): string {
  const kind = layer.constructor?.name ?? "Object";
  return `${path || "net"}${kind === "Object" ? "" : ` (${kind})`}`;
}

/** Gives a layer a `forward` that tells the trap. @returns what takes it away again. */
function shadow(layer: Layer, name: string, trap: NumericsTrap): () => void {
  const own = Object.getOwnPropertyDescriptor(layer, "forward");
  if (own ? !own.configurable : !Object.isExtensible(layer)) return () => {};
  const { forward } = layer;
  Object.defineProperty(layer, "forward", {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
    value(this: unknown, ...args: Parameters<Layer["forward"]>): Tensor {
      return trap.layer(name, () => forward.apply(this, args));
    },
  });
  return () => {
    if (own) Object.defineProperty(layer, "forward", own);
    else delete (layer as Partial<Layer>).forward;
  };
}
