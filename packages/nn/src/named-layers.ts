import { ArgumentError, show } from "@gradus/core";
import type { Layer } from "./layer.ts";
import { reachable } from "./named-parameters.ts";

/**
 * The layers a net is made of, itself first, with their names: the way there, as {@link namedTensors} goes it, and `""` for the
 * net. A layer reached twice is listed once, under its first name.
 *
 * @example
 * namedLayers(new Sequential(new Dense(2, 3, { rng }), new SELU())).map(([name]) => name);
 * // ["", "layers.0", "layers.1"]
 */
export function namedLayers(net: Layer<never>): (readonly [name: string, layer: Layer])[] {
  if (typeof net !== "object" || net === null) {
    throw new ArgumentError(`namedLayers: needs a net, got ${show(net)}`);
  }
  return [...reachable(net)].filter((entry): entry is [string, Layer] => {
    return typeof (entry[1] as Partial<Layer>).forward === "function";
  });
}
