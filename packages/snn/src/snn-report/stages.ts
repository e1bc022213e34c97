import { selu, type Tensor } from "@gradus/core";
import {
  AlphaDropout,
  Dense,
  Dropout,
  FeatureAlphaDropout,
  Flatten,
  FunctionLayer,
  type Layer,
  type LayerOutput,
  layerName,
} from "@gradus/nn";

/**
 * The function of the weighted sums of a Dense layer in evaluation: the identity, SELU, or another one, which the theory of
 * self-normalizing nets does not cover.
 */
export type StageKind = "linear" | "selu" | "other";

/** A Dense layer with the layers up to the next Dense: a row of the report. @internal */
export interface Stage {
  /** The path of the Dense layer, as in `namedParameters`: `layers.0`; empty if it is the net. */
  readonly path: string;
  /** `784→512 SELU AlphaDropout(0.05)` */
  readonly name: string;
  readonly kind: StageKind;
  readonly dense: Dense;
  readonly after: readonly Layer[];
  /** The output of the last layer. */
  readonly output: Tensor;
}

/** The stages of a net, and the layers before the first stage. @internal */
export interface Stages {
  readonly before: readonly Layer[];
  readonly stages: readonly Stage[];
}

/** Groups the layers of a net into stages. @internal */
export function stagesOf(outputs: readonly Omit<LayerOutput, "input">[]): Stages {
  const starts = outputs.flatMap(({ layer }, i) => (layer instanceof Dense ? [i] : []));
  const stages = starts.map((start, i): Stage => {
    const { path, layer } = outputs[start];
    const rest = outputs.slice(start + 1, starts[i + 1]);
    const parts = { dense: layer as Dense, after: rest.map((each) => each.layer) };
    const { output } = rest.at(-1) ?? outputs[start];
    return { ...parts, path, output, kind: kindOf(parts), name: nameOf(parts) };
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
  const layers = [...before, ...stages.flatMap(({ dense, after }) => [dense, ...after])];
  return layers.some((layer) => appliesSelu(layer) || isAlphaDropout(layer));
}

/** @internal */
export function isAlphaDropout(layer: Layer): layer is AlphaDropout | FeatureAlphaDropout {
  return layer instanceof AlphaDropout || layer instanceof FeatureAlphaDropout;
}

function kindOf({ dense, after }: Pick<Stage, "dense" | "after">): StageKind {
  const opaque = after.filter((layer) => !isTransparent(layer));
  const functions = opaque.length + (dense.activation === null ? 0 : 1);
  if (functions === 0) return "linear";
  const [first] = opaque;
  const isSelu =
    first instanceof FunctionLayer ? appliesSelu(first) : first === undefined && appliesSelu(dense);
  return functions === 1 && isSelu ? "selu" : "other";
}

function nameOf({ dense, after }: Pick<Stage, "dense" | "after">): string {
  const { activation } = dense;
  return [
    `${dense.inputSize}→${dense.outputSize}`,
    ...(activation === null ? [] : [layerName(new FunctionLayer(activation))]),
    // `SELU` for a layer without options, which prints SELU().
    ...after.map((layer) => layerName(layer).replace(/\(\)$/, "")),
  ].join(" ");
}
