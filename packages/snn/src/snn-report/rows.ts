import type { Tensor } from "@gradus/core";
import {
  type Covariance,
  distanceOf,
  type Field,
  fieldOf,
  type MeasuredWeights,
  measure,
  strataOf,
} from "./measure.ts";
import type { SnnLayer } from "./result.ts";
import type { Stage, StageKind } from "./stages.ts";
import { bandOf, type DrawnWeights, LECUN, nextLayer, pooled, scatterAfter } from "./theory.ts";
import { flattened, isConvolution, patchesOf, sizesOf } from "./weighted.ts";

/** The moments of the samples, with convolutions also by position; null if they are all 0 or overflow. */
type Samples = Field | null;

/** The predictions of the theory for the current layer. */
interface Position {
  /** For weights with the moments of this net. */
  readonly theory: Samples;
  /** For LeCun weights, with the covariance of such nets. */
  readonly ideal: Samples;
  readonly scatter: Covariance;
}

/**
 * The rows of a report. Band and theory are computed layer by layer, from the input.
 *
 * @internal
 */
export function rowsOf(
  stages: readonly Stage[],
  weights: readonly MeasuredWeights[],
  input: Tensor,
): Omit<SnnLayer, "gradientNorm" | "outputGradientNorm">[] {
  const byPosition = stages.some(({ weighted }) => isConvolution(weighted));
  let at = startFrom(input, byPosition);
  return stages.map((stage, i) => {
    const { path, name, kind, output, weighted } = stage;
    const measured = kind === "other" ? measure(output) : measure(output, sizesOf(weighted).outputs);
    const { mean, variance } = measured;
    const { sum, squareSum } = weights[i];
    const below = seenBy(stage, at);
    at = kind === "other" ? startFrom(output, byPosition) : follow(below, weights[i], kind);
    const row = {
      path,
      name,
      kind,
      mean,
      variance,
      distance: distanceOf(measured),
      weights: { sum, squareSum },
      theory: kind === "other" || at.theory === null ? null : pooled(at.theory.strata),
    };
    if (kind === "other" || at.ideal === null || below.ideal === null) {
      return { ...row, band: null, outside: [] };
    }
    const center = pooled(at.ideal.strata);
    const scatter = scatterAfter(below.scatter, pooled(below.ideal.strata), center, kind, measured);
    at = { ...at, scatter };
    const band = bandOf(center, scatter);
    const outside = (["mean", "variance"] as const).filter((what) => {
      const [low, high] = band[what];
      return !(row[what] >= low && row[what] <= high);
    });
    return { ...row, band, outside };
  });
}

function startFrom(x: Tensor, byPosition: boolean): Position {
  const samples = usable(byPosition && x.rank > 2 ? fieldOf(x) : fieldWithout(strataOf(x)));
  return { theory: samples, ideal: samples, scatter: { mean: 0, both: 0, variance: 0 } };
}

/** A field without positions. */
function fieldWithout(strata: Field["strata"]): Field {
  return { shape: [strata.length], strata };
}

/** What the outputs of a layer see: the patches of a convolution; behind `Flatten` all positions. */
function seenBy({ weighted, input }: Stage, { theory, ideal, scatter }: Position): Position {
  const seen = (samples: Samples): Samples => {
    if (samples === null) return null;
    if (isConvolution(weighted)) return patchesOf(weighted, samples);
    return input.rank === 2 && samples.shape.length > 1 ? flattened(samples) : samples;
  };
  return { theory: seen(theory), ideal: seen(ideal), scatter };
}

function follow({ theory, ideal, scatter }: Position, weights: DrawnWeights, kind: StageKind): Position {
  const next = (samples: Samples, drawn: DrawnWeights): Samples =>
    samples &&
    usable({
      shape: samples.shape,
      strata: samples.strata.map((stratum) => ({
        ...nextLayer(stratum, drawn, kind),
        count: stratum.count,
      })),
    });
  return { theory: next(theory, weights), ideal: next(ideal, LECUN), scatter };
}

/** Null if all numbers are 0 or their squares overflow. */
function usable(samples: Field): Samples {
  const { mean, variance } = pooled(samples.strata);
  const size = mean * mean + variance;
  return size > 0 && size < Number.POSITIVE_INFINITY ? samples : null;
}
