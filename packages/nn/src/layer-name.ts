import type { Layer } from "./layer.ts";

/**
 * The name of a layer in tables and messages: the first line of its `toString()`, or the name of its class if it has no `toString`.
 *
 * @example layerName(new Dense(784, 10, { rng })); // "Dense(784, 10)"
 */
export function layerName(layer: Layer<never>): string {
  const text = String(layer);
  return text.startsWith("[object") ? layer.constructor.name : text.split("\n")[0];
}
