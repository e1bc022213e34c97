import type { Tensor } from "@gradus/core";
import {
  type Covariance,
  distanceOf,
  type MeasuredWeights,
  measure,
  type Stratum,
  strataOf,
} from "./measure.ts";
import type { SnnLayer } from "./result.ts";
import type { Stage, StageKind } from "./stages.ts";
import { bandOf, type DrawnWeights, LECUN, nextLayer, pooled, scatterAfter } from "./theory.ts";

/** The moments of the samples; null if they are all 0 or overflow. */
type Samples = readonly Stratum[] | null;

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
  let at = startFrom(input);
  return stages.map(({ path, name, kind, output }, i) => {
    const measured = measure(output);
    const { mean, variance } = measured;
    const { sum, squareSum } = weights[i];
    const below = at;
    at = kind === "other" ? startFrom(output) : follow(below, weights[i], kind);
    const row = {
      path,
      name,
      kind,
      mean,
      variance,
      distance: distanceOf(measured),
      weights: { sum, squareSum },
      theory: kind === "other" || at.theory === null ? null : pooled(at.theory),
    };
    if (kind === "other" || at.ideal === null || below.ideal === null) {
      return { ...row, band: null, outside: [] };
    }
    const center = pooled(at.ideal);
    const scatter = scatterAfter(below.scatter, pooled(below.ideal), center, kind, measured);
    at = { ...at, scatter };
    const band = bandOf(center, scatter);
    const outside = (["mean", "variance"] as const).filter((what) => {
      const [low, high] = band[what];
      return !(row[what] >= low && row[what] <= high);
    });
    return { ...row, band, outside };
  });
}

function startFrom(x: Tensor): Position {
  const samples = usable(strataOf(x));
  return { theory: samples, ideal: samples, scatter: { mean: 0, both: 0, variance: 0 } };
}

function follow({ theory, ideal, scatter }: Position, weights: DrawnWeights, kind: StageKind): Position {
  const next = (samples: Samples, drawn: DrawnWeights): Samples =>
    samples && usable(samples.map((sample) => ({ ...nextLayer(sample, drawn, kind), count: sample.count })));
  return { theory: next(theory, weights), ideal: next(ideal, LECUN), scatter };
}

/** Null if all numbers are 0 or their squares overflow. */
function usable(samples: readonly Stratum[]): Samples {
  const { mean, variance } = pooled(samples);
  const size = mean * mean + variance;
  return size > 0 && size < Number.POSITIVE_INFINITY ? samples : null;
}
