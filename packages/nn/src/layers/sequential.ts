import type { Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import type { Along, Fitting, HasWidths, InputOfFirst, LayerLike, LayersOf, Widths } from "../widths.ts";
import { type Activation, FunctionLayer } from "./function-layer.ts";

/**
 * Applies layers one after the other. Without layers it is the identity.
 *
 * Training: every layer gets the same mode. Random layers draw from `mode.rng`, one after the other, so pass the same
 * stream at every step; see {@link Mode}. Evaluation: the default.
 *
 * @param layers objects with a `forward`, such as other nets, and functions of a tensor, which become a
 *   {@link FunctionLayer}. A layer in several places shares its parameters. The first may take several inputs by name, as a
 *   `Layer<{ image: Tensor; table: Tensor }>` does; then so does the Sequential.
 *
 * @throws ArgumentError for anything else.
 *
 * The compiler knows the widths of layers (widths.ts): a layer that does not fit the one before it is a type error, and
 * `net.layers[0].weight` has its type. The type of a large net is long: export it as `const net: Layer = …`.
 *
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
export class Sequential<
  const L extends readonly LayerLike[] = readonly LayerLike[],
  W extends Widths = Along<L>,
> implements Layer<InputOfFirst<L>>, HasWidths<W>
{
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Sequential);
  declare readonly "~widths"?: W;
  readonly layers: LayersOf<L, FunctionLayer>;

  constructor(...layers: Fitting<L>) {
    this.layers = (layers as readonly (Layer | Activation)[]).map(asLayer) as unknown as LayersOf<
      L,
      FunctionLayer
    >;
  }

  forward(x: InputOfFirst<L>, mode?: Mode): Tensor {
    let out = x as Tensor;
    checks.inputs?.(this, x);
    for (const layer of this.layers as readonly Layer[]) {
      checks.wrapped?.(layer, this.layers);
      out = layer.forward(out, mode);
    }
    return out;
  }

  toString(): string {
    const lines = this.layers.map((layer, i) => `\n  ${i}: ${String(layer).replaceAll("\n", "\n  ")}`);
    return lines.length === 0 ? "Sequential()" : `Sequential(${lines.join("")}\n)`;
  }
}

function asLayer(layer: Layer | Activation, i: number): Layer {
  if (typeof (layer as Partial<Layer> | null)?.forward === "function") return layer as Layer;
  checks.wrappable?.(layer, i);
  return new FunctionLayer(layer as Activation);
}
