import { ArgumentError, show, Tensor } from "@gradus/core";
import type { Layer } from "./layer.ts";
import { Sequential } from "./layers/sequential.ts";
import type { Mode } from "./mode.ts";

/** A layer and its place in a net. */
export interface PlacedLayer {
  /** The way there, as `namedParameters` names it: `layers.0`; "" for a net that is this layer. */
  readonly path: string;
  readonly layer: Layer;
}

/** A layer with what it was given and what it made of it. */
export interface LayerOutput extends PlacedLayer {
  readonly input: Tensor;
  readonly output: Tensor;
}

/**
 * The layers of a net in the order in which they run. Sequentials are taken apart, at any depth; any other layer is taken as
 * one, whatever it has inside, and so is a Sequential with a `forward` of its own. A layer that stands in several places is
 * listed for each of them. (`namedLayers` lists all that a net holds, each once, whether and when it runs.)
 *
 * @throws ArgumentError if `net` has no `forward`.
 * @example
 * layersInOrder(new Sequential(new Dense(2, 3, { rng }), new Sequential(selu))).map(({ path }) => path);
 * // ["layers.0", "layers.1.layers.0"]
 */
export function layersInOrder(net: Layer): PlacedLayer[] {
  checkNet("layersInOrder", net);
  return [...walk(net, "")];
}

/**
 * Sends a batch through a net and keeps the output of every layer: the one way to look inside. The layers are those of
 * {@link layersInOrder}; the last output is what `net.forward(x, mode)` returns, with the same bits, the same draws and the
 * same gradients. A net without layers has no outputs.
 *
 * @param x what `net.forward` takes.
 * @param mode as for `forward`. Default: evaluation.
 * @throws ArgumentError if `net` has no `forward` or x is not a tensor, and whatever a layer throws.
 * @example
 * for (const { path, layer, output } of layerOutputs(net, x)) {
 *   console.log(path, layerName(layer), output.shape, output.variance().item());
 * }
 */
export function layerOutputs(net: Layer, x: Tensor, mode?: Mode): LayerOutput[] {
  checkNet("layerOutputs", net);
  if (!(x instanceof Tensor)) throw new ArgumentError(`layerOutputs: x must be a tensor, got ${show(x)}`);
  let input = x;
  return Array.from(walk(net, ""), ({ path, layer }) => {
    const output = layer.forward(input, mode);
    const found = { path, layer, input, output };
    input = output;
    return found;
  });
}

function* walk(layer: Layer, path: string): Generator<PlacedLayer> {
  if (!(layer instanceof Sequential) || layer.forward !== Sequential.prototype.forward) {
    yield { path, layer };
    return;
  }
  for (const [i, inner] of layer.layers.entries()) {
    yield* walk(inner, `${path === "" ? "" : `${path}.`}layers.${i}`);
  }
}

function checkNet(who: string, net: Layer): void {
  if (typeof net?.forward === "function") return;
  throw new ArgumentError(`${who}: a net is an object with a forward method, got ${show(net)}`);
}
