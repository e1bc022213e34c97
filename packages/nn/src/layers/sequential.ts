import { ArgumentError, show, Tensor } from "@gradus/core";
import { isNamedInputs, ownLayer } from "@gradus/core/internal";
import { checkTensor, isBatch } from "../checks.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import type { Along, Fitting, HasWidths, InputOfFirst, LayerLike, LayersOf, Widths } from "../widths.ts";
import { type Activation, activationRange, FunctionLayer, isClass } from "./function-layer.ts";

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
    const named = !(out instanceof Tensor) && isNamedInputs(out) && !isBatch(out);
    if (!named || this.layers.length === 0) checkTensor(this, x);
    for (const layer of this.layers as readonly Layer[]) {
      if (typeof layer?.forward !== "function") throw notWrapped(layer, this.layers.indexOf(layer as never));
      out = layer.forward(out, mode);
    }
    return out;
  }

  toString(): string {
    const lines = this.layers.map((layer, i) => `\n  ${i}: ${String(layer).replaceAll("\n", "\n  ")}`);
    return lines.length === 0 ? "Sequential()" : `Sequential(${lines.join("")}\n)`;
  }
}

/** The error for what was put into the list of layers later. */
function notWrapped(layer: unknown, i: number): ArgumentError {
  const way =
    typeof layer === "function" ? ": only new Sequential(…) wraps functions; use new FunctionLayer(…)" : "";
  return new ArgumentError(`Sequential: layer ${i} has no forward, got ${show(layer)}${way}`);
}

/** The way out for what is no layer, as the end of a message. */
function wayToLayer(given: unknown): string {
  if (Array.isArray(given) || Array.isArray(Object(given).layers))
    return "pass the layers one by one: new Sequential(...layers)";
  const hint = typeof given === "string" ? activationRange.hint?.(given) : undefined;
  return hint ?? "it takes layers, and functions such as selu";
}

function asLayer(layer: Layer | Activation, i: number): Layer {
  if (typeof (layer as Partial<Layer> | null)?.forward === "function") return layer as Layer;
  if (isClass(layer)) {
    throw new ArgumentError(
      `Sequential: layer ${i} is the class ${layer.name}; make one: new ${layer.name}(…)`,
    );
  }
  if (typeof layer === "function") return new FunctionLayer(layer);
  throw new ArgumentError(
    `Sequential: layer ${i} has no forward method, got ${show(layer)}; ${wayToLayer(layer)}`,
  );
}
