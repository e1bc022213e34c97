import { ArgumentError, show, type Tensor } from "@gradus/core";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { type Activation, FunctionLayer } from "./function-layer.ts";

/**
 * Applies layers one after the other. Without layers it is the identity.
 *
 * Training: every layer gets the same mode. Random layers draw from `mode.rng`, one after the other, so pass the same
 * stream at every step; see {@link Mode}. Evaluation: the default.
 *
 * @param layers objects with a `forward`, such as other nets, and functions of a tensor, which become a
 *   {@link FunctionLayer}. A layer in several places shares its parameters.
 * @throws ArgumentError for anything else.
 * @example
 * const net = new Sequential(
 *   new Dense(784, 128, { rng: rng.split("hidden") }),
 *   selu,                                // or new SELU()
 *   new AlphaDropout(0.05),
 *   new Dense(128, 10, { rng: rng.split("output") }),
 * );
 * net.forward(x);                        // evaluation
 * net.forward(x, { train: true, rng });  // training
 */
export class Sequential implements Layer {
  readonly layers: readonly Layer[];

  constructor(...layers: readonly (Layer | Activation)[]) {
    this.layers = layers.map(asLayer);
  }

  forward(x: Tensor, mode?: Mode): Tensor {
    let out = x;
    for (const layer of this.layers) out = layer.forward(out, mode);
    return out;
  }

  toString(): string {
    const lines = this.layers.map((layer, i) => `\n  ${i}: ${String(layer).replaceAll("\n", "\n  ")}`);
    return lines.length === 0 ? "Sequential()" : `Sequential(${lines.join("")}\n)`;
  }
}

function asLayer(layer: Layer | Activation, i: number): Layer {
  if (typeof (layer as Partial<Layer> | null)?.forward === "function") return layer as Layer;
  if (typeof layer !== "function") {
    throw new ArgumentError(
      `Sequential: layer ${i} has no forward method, got ${show(layer)}; it takes layers, and functions such as selu`,
    );
  }
  if (typeof layer.prototype?.forward === "function") {
    throw new ArgumentError(
      `Sequential: layer ${i} is the class ${layer.name}; make one: new ${layer.name}(…)`,
    );
  }
  return new FunctionLayer(layer);
}
