import { selu } from "@gradus/core";
import {
  type Activation,
  AlphaDropout,
  Dense,
  Dropout,
  FeatureAlphaDropout,
  Flatten,
  type Layer,
  SELU,
  Sequential,
} from "@gradus/nn";

/**
 * What happens to the weighted sums of a Dense layer in evaluation: nothing, SELU and nothing else, or something that
 * the theory of self-normalizing nets does not cover.
 */
export type StageKind = "linear" | "selu" | "other";

/** A Dense layer with all that follows it up to the next one: a row of the report. @internal */
export interface Stage {
  /** Where the Dense layer is, as `namedParameters` has it: `layers.0`; empty for a net that is one. */
  readonly path: string;
  /** `784→512 SELU AlphaDropout(0.05)` */
  readonly name: string;
  readonly kind: StageKind;
  readonly dense: Dense;
  readonly after: readonly Layer[];
}

/** A net as its stages, and what comes before the first of them. @internal */
export interface Stages {
  readonly before: readonly Layer[];
  readonly stages: readonly Stage[];
}

/**
 * Takes Sequentials apart, at any depth. Every other layer is taken as one, whatever it has inside.
 *
 * @internal
 */
export function stagesOf(net: Layer): Stages {
  const before: Layer[] = [];
  const open: { path: string; dense: Dense; after: Layer[] }[] = [];
  const visit = (layer: Layer, path: string): void => {
    if (layer instanceof Sequential && layer.forward === Sequential.prototype.forward) {
      layer.layers.forEach((inner, i) => {
        visit(inner, `${path === "" ? "" : `${path}.`}layers.${i}`);
      });
    } else if (layer instanceof Dense) open.push({ path, dense: layer, after: [] });
    else (open.at(-1)?.after ?? before).push(layer);
  };
  visit(net, "");
  const stages = open.map((stage): Stage => ({ ...stage, kind: kindOf(stage), name: nameOf(stage) }));
  return { before, stages };
}

/** Whether a layer is the identity in evaluation, or only moves numbers around. @internal */
export function isTransparent(layer: Layer): boolean {
  return layer instanceof Dropout || layer instanceof Flatten || isAlphaDropout(layer);
}

/** Whether an activation of a Dense layer is the op `selu`. @internal */
export function isSelu(activation: Activation | null): boolean {
  return activation === selu;
}

/** Whether there is anything to say: SELU somewhere, or what belongs to it. @internal */
export function isCovered(before: readonly Layer[], stages: readonly Stage[]): boolean {
  const layers = [...before, ...stages.flatMap(({ after }) => after)];
  return (
    stages.some(({ dense }) => isSelu(dense.activation)) ||
    layers.some((layer) => layer instanceof SELU || isAlphaDropout(layer))
  );
}

/** @internal */
export function isAlphaDropout(layer: Layer): layer is AlphaDropout | FeatureAlphaDropout {
  return layer instanceof AlphaDropout || layer instanceof FeatureAlphaDropout;
}

function kindOf({ dense, after }: Pick<Stage, "dense" | "after">): StageKind {
  const opaque = after.filter((layer) => !isTransparent(layer));
  const functions = opaque.length + (dense.activation === null ? 0 : 1);
  if (functions === 0) return "linear";
  const normalizing = isSelu(dense.activation) || opaque[0] instanceof SELU;
  return functions === 1 && normalizing ? "selu" : "other";
}

function nameOf({ dense, after }: Pick<Stage, "dense" | "after">): string {
  const activation = /activation=([^,)]*)/.exec(String(dense))?.[1];
  return [
    `${dense.inputSize}→${dense.outputSize}`,
    ...(activation === undefined ? [] : [activation]),
    ...after.map(layerName),
  ].join(" ");
}

/** `SELU` for SELU(), `AlphaDropout(0.05)`, and the name of the class for what does not print itself. */
function layerName(layer: Layer): string {
  const text = String(layer);
  return text.startsWith("[object") ? layer.constructor.name : text.split("\n")[0].replace(/\(\)$/, "");
}
