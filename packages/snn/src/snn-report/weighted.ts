import { mul, ones, tensor } from "@gradus/core";
import {
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  conv1d,
  conv2d,
  convTranspose2d,
  Dense,
  fansOf,
  type Layer,
} from "@gradus/nn";
import type { Field } from "./measure.ts";

/** A layer that a row of the report begins with. */
export type WeightedLayer = Dense | Conv1d | Conv2d | ConvTranspose2d;

type Convolution = Exclude<WeightedLayer, Dense>;

/** @internal */
export function isWeighted(layer: Layer): layer is WeightedLayer {
  return layer instanceof Dense || isConvolution(layer);
}

/** @internal */
export function isConvolution(layer: Layer): layer is Convolution {
  return layer instanceof Conv1d || layer instanceof Conv2d || layer instanceof ConvTranspose2d;
}

/** The sizes of a layer that its moments depend on. @internal */
export interface Sizes {
  /** Inputs and outputs, of a convolution its channels. */
  readonly inputs: number;
  readonly outputs: number;
  /** The fans that initializers see: of a convolution kh·kw·in/groups and kh·kw·out. */
  readonly fanIn: number;
  readonly fanOut: number;
  /**
   * The number of terms of an output: fan_in. A transposed convolution with strides has 1/(product of the strides) of them,
   * on average over the positions.
   */
  readonly terms: number;
}

/** @internal */
export function sizesOf(layer: WeightedLayer): Sizes {
  if (layer instanceof Dense) {
    const { inputSize, outputSize } = layer;
    const fans = { fanIn: inputSize, fanOut: outputSize, terms: inputSize };
    return { inputs: inputSize, outputs: outputSize, ...fans };
  }
  const { inputChannels, outputChannels, params } = layer;
  const kernel = kernelOf(layer);
  const { fanIn, fanOut } = fansOf([...kernel, inputChannels / params.groups, outputChannels]);
  const terms = fanIn / (layer instanceof ConvTranspose2d ? area(layer.params.stride) : 1);
  return { inputs: inputChannels, outputs: outputChannels, fanIn, fanOut, terms };
}

const area = (pair: number | readonly [number, number]): number =>
  typeof pair === "number" ? pair * pair : pair[0] * pair[1];

/** The layer in the name of a row: `784→512`, `3→16 3×3`, `ConvTranspose2d 16→8 2×2`. @internal */
export function textOf(layer: WeightedLayer): string {
  const { inputs, outputs } = sizesOf(layer);
  const kernel = layer instanceof Dense ? "" : ` ${kernelOf(layer).join("×")}`;
  return `${layer instanceof ConvTranspose2d ? "ConvTranspose2d " : ""}${inputs}→${outputs}${kernel}`;
}

/** The sizes of the kernel, those of the weight [..., in, out] in front of the channels. */
function kernelOf({ weight }: Convolution): readonly number[] {
  return weight.shape.slice(0, -2);
}

/**
 * The moments of the inputs of each output position of a convolution: mean and mean square over (ky, kx, c).
 *
 * These are convolutions of the moments below with a kernel of equal weights. The zeros of the padding count as inputs.
 * Channels count as alike, also with groups.
 *
 * @internal
 */
export function patchesOf(layer: Convolution, { shape, strata }: Field): Field {
  const { inputs, terms } = sizesOf(layer);
  const weight = mul(ones([...kernelOf(layer), 1, 1]), inputs / layer.params.groups / terms);
  const averaged = (numbers: readonly number[]) => {
    const x = tensor(numbers).reshape({ shape: [...shape, 1] });
    const params = { ...layer.params, groups: 1 };
    if (layer instanceof Conv1d) return conv1d(x, weight, params as typeof layer.params);
    if (layer instanceof Conv2d) return conv2d(x, weight, params as typeof layer.params);
    return convTranspose2d(x, weight, params as typeof layer.params);
  };
  const means = averaged(strata.map(({ mean }) => mean));
  const squares = averaged(strata.map(({ mean, variance }) => variance + mean * mean));
  const below = strata.length / shape[0];
  const positions = means.size / shape[0];
  return {
    shape: means.shape.slice(0, -1),
    strata: Array.from(means.data, (mean, i) => ({
      mean,
      variance: squares.data[i] - mean * mean,
      count: strata[Math.floor(i / positions) * below].count,
    })),
  };
}

/** The moments over all positions of each sample, the inputs of a Dense layer behind `Flatten`. @internal */
export function flattened({ shape, strata }: Field): Field {
  const positions = strata.length / shape[0];
  return {
    shape: [shape[0]],
    strata: Array.from({ length: shape[0] }, (_, i) => {
      const own = strata.slice(i * positions, (i + 1) * positions);
      const sums = own.reduce(
        (sum, { mean, variance }) => ({
          mean: sum.mean + mean,
          square: sum.square + variance + mean * mean,
        }),
        { mean: 0, square: 0 },
      );
      const mean = sums.mean / positions;
      return { mean, variance: Math.max(0, sums.square / positions - mean * mean), count: own[0].count };
    }),
  };
}
