import { ArgumentError, noMore, notTensor, show, Tensor } from "@gradus/core";
import type { Layer } from "./layer.ts";
import { Sequential } from "./layers/sequential.ts";
import type { Mode } from "./mode.ts";

/** A layer and its path in a net. */
export interface PlacedLayer {
  /** The path, as in `namedParameters`: `layers.0`; "" for a net that is this layer. */
  readonly path: string;
  readonly layer: Layer;
}

/** A layer with its input and output. */
export interface LayerOutput extends PlacedLayer {
  readonly input: Tensor;
  readonly output: Tensor;
}

/**
 * The layers of a net in the order in which they run. Each Sequential, at any depth, is replaced by its layers; any other
 * layer counts as one, also a Sequential with its own `forward`. A layer in several places is listed for each of them.
 * (`namedLayers` lists all layers of a net once, in no order of running.)
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
 * Runs a net on a batch and keeps the output of every layer of {@link layersInOrder}. The last output is that of
 * `net.forward(x, mode)`, with the same bits, draws and gradients. A net without layers has no outputs.
 *
 * @param x the input of `net.forward`.
 * @param mode as for `forward`. Default: evaluation.
 * @throws ArgumentError if `net` has no `forward` or x is not a tensor; any error of a layer.
 * @example
 * for (const { path, layer, output } of layerOutputs(net, x)) {
 *   console.log(path, layerName(layer), output.shape, output.variance().item());
 * }
 */
export function layerOutputs(
  net: Layer,
  x: Tensor,
  mode?: Mode,
  ...extra: readonly undefined[]
): LayerOutput[] {
  noMore("layerOutputs", "net, x, mode", extra);
  checkNet("layerOutputs", net);
  if (!(x instanceof Tensor))
    throw new ArgumentError(`layerOutputs: x must be a tensor, got ${notTensor(x)}`);
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
