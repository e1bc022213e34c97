import { type Range, type Rng, randomStream, ranges, zeros } from "@gradus/core";
import { activationName } from "@gradus/core/internal";
import { type Initializer, initializerRange, lecunNormal } from "../initialize.ts";
import { type Activation, activationRange } from "./function-layer.ts";

/** Options of the layers that have a weight and a bias: `Dense` and the convolutions. */
export interface WeightOptions {
  /** The random stream for the initial values: first the weight, then the bias. */
  readonly rng: Rng;
  /** Initial weight. Default `lecunNormal`: variance 1/fan_in. */
  readonly init?: Initializer;
  /** Whether there is a bias. Default true. */
  readonly bias?: boolean;
  /** Initial bias. Default core's `zeros`. */
  readonly biasInit?: Initializer;
  /** A function that is applied to the result. Default: none. */
  readonly activation?: Activation;
}

/** {@link WeightOptions} with all defaults. */
export interface Resolved extends Required<Omit<WeightOptions, "activation">> {
  readonly activation: Activation | null;
}

export const weightDefaults: Omit<Resolved, "rng"> = {
  init: lecunNormal,
  bias: true,
  biasInit: zeros,
  activation: null,
};

export const weightRanges: Record<keyof WeightOptions, Range> = {
  rng: randomStream,
  init: initializerRange,
  bias: ranges.flag,
  biasInit: initializerRange,
  activation: { ...activationRange, admits: (value) => value === null || activationRange.admits(value) },
};

/** The options in the text of a layer. */
export function weightTexts({
  activation,
  bias,
}: Pick<Resolved, "activation"> & { readonly bias: unknown }): string[] {
  const texts = activation ? [`activation=${activationName(activation)}`] : [];
  return bias ? texts : [...texts, "bias=false"];
}
