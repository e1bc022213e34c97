import { ArgumentError, noMore, notTensor, show, Tensor } from "@gradus/core";
import { guarded, isNamedInputs, refuseUnread } from "@gradus/core/internal";
import type { Layer } from "./layer.ts";
import { layerName } from "./layer-name.ts";
import { Sequential } from "./layers/sequential.ts";
import type { Mode } from "./mode.ts";

/** A layer and its path in a net. */
export interface PlacedLayer {
  /** The path, as in `namedParameters`: `layers.0`; "" for a net that is this layer. */
  readonly path: string;
  readonly layer: Layer;
}

/** A layer with its input and output. `In` is the input of the net, which the first layer gets. */
export interface LayerOutput<In = Tensor> extends PlacedLayer {
  readonly input: Tensor | In;
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
export function layersInOrder(net: Layer<never>): PlacedLayer[] {
  checkNet("layersInOrder", net);
  return [...walk(net as Layer, "")];
}

/**
 * Runs a net on a batch and keeps the output of every layer of {@link layersInOrder}. The last output is that of
 * `net.forward(x, mode)`, with the same bits, draws and gradients. A net without layers has no outputs.
 *
 * @param x the input of `net.forward`: a tensor, or an object of tensors by name.
 * @param mode as for `forward`. Default: evaluation.
 * @throws ArgumentError if `net` has no `forward` or x is neither; for a name of an input that the net reads and x does
 *   not have, or x has and the net does not read; any error of a layer.
 * @example
 * for (const { path, layer, output } of layerOutputs(net, x)) {
 *   console.log(path, layerName(layer), output.shape, output.variance().item());
 * }
 */
export function layerOutputs<In = Tensor>(
  net: Layer<In>,
  x: In,
  mode?: Mode,
  ...extra: readonly undefined[]
): LayerOutput<In>[] {
  noMore("layerOutputs", "net, x, mode", extra);
  checkNet("layerOutputs", net);
  const read = new Set<string>();
  let input: unknown = x;
  if (isNamedInputs(x)) input = guarded(x, read);
  else if (!(x instanceof Tensor)) {
    throw new ArgumentError(`layerOutputs: x must be a tensor, got ${notTensor(x)}`);
  }
  const outputs = Array.from(walk(net as unknown as Layer, ""), ({ path, layer }) => {
    const output: unknown = layer.forward(input as Tensor, mode);
    if (!(output instanceof Tensor)) {
      const who = `layerOutputs: ${layerName(layer)}`;
      throw new ArgumentError(`${who}: forward must return a tensor, got ${show(output)}`);
    }
    const found = { path, layer, input: input as Tensor | In, output };
    input = output;
    return found;
  });
  if (isNamedInputs(x) && outputs.length > 0) refuseUnread(Object.keys(x), read, "layerOutputs: ");
  return outputs;
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

function checkNet(who: string, net: Layer<never>): void {
  if (typeof net?.forward === "function") return;
  throw new ArgumentError(`${who}: a net is an object with a forward method, got ${show(net)}`);
}
