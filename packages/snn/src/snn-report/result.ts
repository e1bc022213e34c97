import type { Moments, WeightMoments } from "../moments/net-input.ts";
import type { StageKind } from "./stages.ts";
import type { Band } from "./theory.ts";

/** A row of an `SnnReport`: a Dense or convolution layer with the layers up to the next one. */
export interface SnnLayer {
  /** The path of the layer, as in `namedParameters`: `layers.0`. */
  readonly path: string;
  /** `784→512 SELU AlphaDropout(0.05)`, `3→16 3×3 SELU` */
  readonly name: string;
  /** The function of the weighted sums in evaluation: `selu`, `linear` (the identity), or `other`. */
  readonly kind: StageKind;
  /** Mean and variance of the activations over all samples, positions and units; the variance is divided by their count. */
  readonly mean: number;
  readonly variance: number;
  /** The distance from (0, 1): √(mean² + (variance − 1)²). */
  readonly distance: number;
  /** The range of 95 % of LeCun nets of these widths; null if there is no theory. */
  readonly band: Band | null;
  /** The moments that are outside their band. */
  readonly outside: readonly ("mean" | "variance")[];
  /** The prediction for weights with the moments of this net; null if there is no theory. */
  readonly theory: Moments | null;
  /**
   * ω = Σw and τ = Σw² of a unit, averaged over the units. LeCun: 0 and 1. Of a convolution the sums are over (ky, kx, c)
   * for an output channel; of a transposed one over the terms that an output has on average, kh·kw·in/groups/strides.
   */
  readonly weights: WeightMoments;
  /** The norm of the gradient of the loss with respect to the weight; null if the loss does not depend on it. */
  readonly gradientNorm: number | null;
  /** The same with respect to the activations of the layer. */
  readonly outputGradientNorm: number | null;
}

/** The data of a report. */
export interface SnnReportData {
  /**
   * `"nothing to report"`: the net has neither SELU nor AlphaDropout. `"clean"`: no warnings; one value in twenty may still
   * be outside its band by chance.
   */
  readonly outcome: "clean" | "warnings" | "nothing to report";
  /** Number of samples in the batch. */
  readonly samples: number;
  /** The moments of the input of the first row's layer. */
  readonly input: Moments;
  readonly layers: readonly SnnLayer[];
  /** Sentences, each with a cause and what to do. */
  readonly warnings: readonly string[];
}
