import type { Moments, WeightMoments } from "../moments/net-input.ts";
import type { StageKind } from "./stages.ts";
import type { Band } from "./theory.ts";

/** A Dense layer with what follows it up to the next one, as a row of an `SnnReport`. */
export interface SnnLayer {
  /** Where the Dense layer is in the net, as `namedParameters` has it: `layers.0`. */
  readonly path: string;
  /** `784→512 SELU AlphaDropout(0.05)` */
  readonly name: string;
  /** What becomes of the weighted sums in evaluation: `selu`, `linear` (nothing), or `other`. */
  readonly kind: StageKind;
  /** Of the activations, over all samples and units; the variance is divided by their count. */
  readonly mean: number;
  readonly variance: number;
  /** From (0, 1): √(mean² + (variance − 1)²). */
  readonly distance: number;
  /** Where 95 % of LeCun nets of these widths would have it; null where there is no theory. */
  readonly band: Band | null;
  /** What is outside its band. */
  readonly outside: readonly ("mean" | "variance")[];
  /** What the theory predicts for weights like those of this net; null where there is none. */
  readonly theory: Moments | null;
  /** Σw and Σw² of a unit, on average over the units. LeCun: 0 and 1. */
  readonly weights: WeightMoments;
  /** Length of the gradient of the loss with respect to the weight; null if the loss does not depend on it. */
  readonly gradientNorm: number | null;
  /** The same with respect to the activations: what comes down to the layer from those above. */
  readonly outputGradientNorm: number | null;
}

/** What a report says, without the ways to print it. */
export interface SnnReportData {
  /**
   * `"nothing to report"`: the net has neither SELU nor AlphaDropout. Else whether there are warnings; `"clean"` does
   * not say that every value is in its band, which one in twenty leaves by chance.
   */
  readonly outcome: "clean" | "warnings" | "nothing to report";
  /** Samples in the batch. */
  readonly samples: number;
  /** Of what enters the first Dense layer. */
  readonly input: Moments;
  readonly layers: readonly SnnLayer[];
  /** What is wrong and what to do about it, in sentences. */
  readonly warnings: readonly string[];
}
