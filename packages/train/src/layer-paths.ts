import type { NumericsTrap, Tensor } from "@gradus/core";
import { FunctionLayer, type Layer, layerName, namedLayers } from "@gradus/nn";

/**
 * Runs a function during which the trap knows which layer of a net is at work: by the way there and its class, as in
 * `layers.3 (Dense)`, and a function by its own name. A layer that stands in several places goes by the first.
 *
 * Layers know nothing of this. As long as the function runs, each has a `forward` of its own that tells the trap and then
 * calls the one of its class; frozen layers are left out. @internal
 */
export function withLayerPaths<T>(net: Layer, trap: NumericsTrap, run: () => T): T {
  const undo: (() => void)[] = [];
  try {
    for (const [path, layer] of namedLayers(net)) undo.push(shadow(layer, label(path, layer), trap));
    return run();
  } finally {
    for (const putBack of undo.reverse()) putBack();
  }
}

function label(path: string, layer: Layer): string {
  // A function in a Sequential has no class of its own to go by.
  const kind = layer.constructor === FunctionLayer ? layerName(layer) : (layer.constructor?.name ?? "Object");
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
