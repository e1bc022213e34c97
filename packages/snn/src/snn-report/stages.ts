import { selu, type Tensor } from "@gradus/core";
import {
  AlphaDropout,
  Dropout,
  FeatureAlphaDropout,
  Flatten,
  FunctionLayer,
  type Layer,
  type LayerOutput,
  layerName,
} from "@gradus/nn";
import { isWeighted, textOf, type WeightedLayer } from "./weighted.ts";

/**
 * The function of the weighted sums of a layer in evaluation: the identity, SELU, or another one, which the theory of
 * self-normalizing nets does not cover.
 */
export type StageKind = "linear" | "selu" | "other";

/** A Dense or convolution layer with the layers up to the next one: a row of the report. @internal */
export interface Stage {
  /** The path of the weighted layer, as in `namedParameters`: `layers.0`; empty if it is the net. */
  readonly path: string;
  /** `784→512 SELU AlphaDropout(0.05)` */
  readonly name: string;
  readonly kind: StageKind;
  readonly weighted: WeightedLayer;
  readonly after: readonly Layer[];
  /** The input of the weighted layer. */
  readonly input: Tensor;
  /** The output of the last layer. */
  readonly output: Tensor;
}

/** The stages of a net, and the layers before the first stage. @internal */
export interface Stages {
  readonly before: readonly Layer[];
  readonly stages: readonly Stage[];
}

/** Groups the layers of a net into stages. @internal */
export function stagesOf(outputs: readonly LayerOutput<unknown>[]): Stages {
  const starts = outputs.flatMap(({ layer }, i) => (isWeighted(layer) ? [i] : []));
  const stages = starts.map((start, i): Stage => {
    const { path, layer, input } = outputs[start];
    const rest = outputs.slice(start + 1, starts[i + 1]);
    const parts = { weighted: layer as WeightedLayer, after: rest.map((each) => each.layer) };
    const { output } = rest.at(-1) ?? outputs[start];
    return { ...parts, path, input: input as Tensor, output, kind: kindOf(parts), name: nameOf(parts) };
  });
  return { before: outputs.slice(0, starts[0]).map(({ layer }) => layer), stages };
}

/** Whether a layer is the identity in evaluation, or a reshape. @internal */
export function isTransparent(layer: Layer): boolean {
  return layer instanceof Dropout || layer instanceof Flatten || isAlphaDropout(layer);
}

/** Whether a layer applies SELU last: `new SELU()`, the function `selu` in a Sequential, or a layer with it as its activation. @internal */
export function appliesSelu(layer: Layer): boolean {
  return (layer as { readonly activation?: unknown }).activation === selu;
}

/** Whether the net has SELU or AlphaDropout. @internal */
export function isCovered(before: readonly Layer[], stages: readonly Stage[]): boolean {
  const layers = [...before, ...stages.flatMap(({ weighted, after }) => [weighted, ...after])];
  return layers.some((layer) => appliesSelu(layer) || isAlphaDropout(layer));
}

/** @internal */
export function isAlphaDropout(layer: Layer): layer is AlphaDropout | FeatureAlphaDropout {
  return layer instanceof AlphaDropout || layer instanceof FeatureAlphaDropout;
}

function kindOf({ weighted, after }: Pick<Stage, "weighted" | "after">): StageKind {
  const opaque = after.filter((layer) => !isTransparent(layer));
  const functions = opaque.length + (weighted.activation === null ? 0 : 1);
  if (functions === 0) return "linear";
  const [first] = opaque;
  const isSelu =
    first instanceof FunctionLayer ? appliesSelu(first) : first === undefined && appliesSelu(weighted);
  return functions === 1 && isSelu ? "selu" : "other";
}

function nameOf({ weighted, after }: Pick<Stage, "weighted" | "after">): string {
  const { activation } = weighted;
  return [
    textOf(weighted),
    ...(activation === null ? [] : [layerName(new FunctionLayer(activation))]),
    // `SELU` for a layer without options, which prints SELU().
    ...after.map((layer) => layerName(layer).replace(/\(\)$/, "")),
  ].join(" ");
}
