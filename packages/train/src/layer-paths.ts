import type { NumericsTrap, Tensor } from "@gradus/core";
import { FunctionLayer, type Layer, layerName, namedLayers } from "@gradus/nn";

/**
 * Runs a function; meanwhile the trap is told which layer of a net runs: its path and class, as in `layers.3 (Dense)`;
 * for a function in a `Sequential` its path and name. A layer with several paths has the first.
 *
 * While the function runs, each layer has an own `forward` that tells the trap and then calls the `forward` of its class.
 * Frozen layers are left out. @internal
 */
export function withLayerPaths<T>(net: Layer<never>, trap: NumericsTrap, run: () => T): T {
  const undo: (() => void)[] = [];
  try {
    for (const [path, layer] of namedLayers(net)) undo.push(shadow(layer, label(path, layer), trap));
    return run();
  } finally {
    for (const putBack of undo.reverse()) putBack();
  }
}

function label(path: string, layer: Layer<never>): string {
  // All functions in a Sequential have the class FunctionLayer.
  const kind = layer.constructor === FunctionLayer ? layerName(layer) : (layer.constructor?.name ?? "Object");
  return `${path || "net"}${kind === "Object" ? "" : ` (${kind})`}`;
}

/** Gives a layer an own `forward` that tells the trap. @returns a function that removes it. */
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
