import { ArgumentError, ShapeError, show, tagOf } from "@gradus/core";
import type { DescribedTransform, DescriptionOf, Transform, TransformDescription } from "./transforms.ts";

/** The transform of a "standardize" description, whose arrays are not copied. A feature of scale 0 is undone to its mean. @internal */
export function affine(description: DescriptionOf<"standardize">): DescribedTransform<typeof description> {
  const mean = Float64Array.from(description.mean);
  const factor = Float64Array.from(description.scale);
  return perFeature(
    description,
    mean.length,
    (x, j) => (x - mean[j]) * factor[j],
    (y, j) => (factor[j] === 0 ? mean[j] : y / factor[j] + mean[j]),
  );
}

/** The transform of a "minMax" description, whose arrays are not copied. A constant feature becomes `low`. @internal */
export function betweenBounds(description: DescriptionOf<"minMax">): DescribedTransform<typeof description> {
  const min = Float64Array.from(description.min);
  const span = Float64Array.from(description.max, (max, j) => max - min[j]);
  const [low, high] = description.range;
  const width = high - low;
  return perFeature(
    description,
    min.length,
    (x, j) => (span[j] === 0 ? low : ((x - min[j]) / span[j]) * width + low),
    (y, j) => ((y - low) / width) * span[j] + min[j],
  );
}

/** A transform of single numbers, by the feature j that they belong to. */
function perFeature<D extends DescriptionOf<"standardize" | "minMax">>(
  description: D,
  features: number,
  forward: (x: number, j: number) => number,
  backward: (y: number, j: number) => number,
): DescribedTransform<D> {
  const { kind, per } = description;
  const along =
    (f: typeof forward): Transform =>
    (values, sampleSize) => {
      if (per === "column" ? sampleSize % features !== 0 : features !== 1 && features !== sampleSize) {
        throw new ShapeError(
          `${kind}: made for samples of ${features} numbers${per === "column" ? " a row" : ""}, got samples of ${sampleSize}`,
        );
      }
      for (let start = 0; start < values.length; start += features) {
        for (let j = 0; j < features; j++) values[start + j] = f(values[start + j], j);
      }
    };
  return described(description, along(forward), along(backward));
}

/** A transform of float64 numbers with its inverse and description. @internal */
export function described<D extends TransformDescription>(
  description: D,
  run: Transform,
  inverse: Transform,
): DescribedTransform<D> {
  const checked =
    (change: Transform): Transform =>
    (values, sampleSize) => {
      if (tagOf(values) !== "Float64Array") {
        throw new ArgumentError(
          `${description.kind}: the transform changes the numbers of a Float64Array in place, got ${show(values)}`,
        );
      }
      change(values, sampleSize);
    };
  return Object.assign(checked(run), {
    description,
    inverse: checked(inverse),
    toJSON: () => description,
  });
}
