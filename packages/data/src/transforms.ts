import { ArgumentError, check, FormatError, ranges, ShapeError, show } from "@gradus/core";

/**
 * Changes the inputs of a batch in place. `values` are whole samples one after the other, `sampleSize` numbers each. Any
 * such function works; {@link scale}, {@link standardize} and {@link compose} also set a `description`.
 *
 * @example
 * const centre: Transform = (values) => {
 *   for (let i = 0; i < values.length; i++) values[i] -= 0.5;
 * };
 */
export interface Transform {
  (values: Float64Array, sampleSize: number): void;
  /** The transform as plain data, to be saved with the weights as JSON; {@link restoreTransform} reads it. */
  readonly description?: TransformDescription;
}

/** A transform as plain data. JSON keeps every bit. */
export type TransformDescription =
  /** x ↦ factor·x */
  | { readonly kind: "scale"; readonly factor: number }
  /** x ↦ (x − mean)·scale, feature by feature, or with one mean and one scale for all. */
  | { readonly kind: "standardize"; readonly mean: readonly number[]; readonly scale: readonly number[] }
  /** The parts, one after the other. */
  | { readonly kind: "compose"; readonly parts: readonly TransformDescription[] };

/** A {@link Transform} that has a description. */
export interface DescribedTransform<D extends TransformDescription = TransformDescription> extends Transform {
  readonly description: D;
}

type Scale = Extract<TransformDescription, { kind: "scale" }>;
type Standardize = Extract<TransformDescription, { kind: "standardize" }>;

/**
 * Multiplies every number: out = factor·x.
 *
 * @throws ArgumentError if `factor` is not a finite number.
 * @example
 * const images = train.with({ transform: scale(1 / 255) }); // bytes become numbers in [0, 1]
 */
export function scale(factor: number): DescribedTransform<Scale> {
  check("scale", "factor", factor, ranges.finite);
  return described({ kind: "scale", factor }, (values) => {
    for (let i = 0; i < values.length; i++) values[i] *= factor;
  });
}

/**
 * Applies several transforms one after the other. It has a description if all its parts have one.
 *
 * @throws ArgumentError if a part is not a function.
 * @example
 * compose(scale(1 / 255), centre);
 */
export function compose(...transforms: readonly Transform[]): Transform {
  const wrong = transforms.findIndex((part) => typeof part !== "function");
  if (wrong >= 0) {
    throw new ArgumentError(`compose: part ${wrong} is not a transform but ${show(transforms[wrong])}`);
  }
  const run: Transform = (values, sampleSize) => {
    for (const transform of transforms) transform(values, sampleSize);
  };
  const parts = transforms.map(({ description }) => description).filter((part) => part !== undefined);
  return parts.length === transforms.length ? described({ kind: "compose", parts }, run) : run;
}

/**
 * Makes a transform from its description, with the same bits as the original.
 *
 * @throws FormatError for anything but such a description.
 * @example
 * const text = JSON.stringify(train.transform.description);
 * const again = restoreTransform(JSON.parse(text));
 */
export function restoreTransform(description: TransformDescription): Transform {
  const data = Object(description) as Record<string, unknown>;
  const { kind } = data;
  if (kind === "scale" && Number.isFinite(data.factor)) return scale(data.factor as number);
  if (kind === "compose" && Array.isArray(data.parts)) return compose(...data.parts.map(restoreTransform));
  if (kind === "standardize" && isNumbers(data.mean) && isNumbers(data.scale)) {
    if (data.mean.length === data.scale.length && data.mean.length > 0) {
      return affine({ kind, mean: data.mean, scale: data.scale });
    }
    throw new FormatError(
      `restoreTransform: ${data.mean.length} means do not fit ${data.scale.length} scales, one each is needed`,
    );
  }
  const fields = Object.entries(data).map(([name, value]) => `${name} ${show(value)}`);
  throw new FormatError(
    `restoreTransform: not a transform's description: ${fields.join(", ") || show(description)}`,
  );
}

/** The transform of a "standardize" description, whose arrays are not copied. @internal */
export function affine(description: Standardize): DescribedTransform<Standardize> {
  const mean = Float64Array.from(description.mean);
  const factor = Float64Array.from(description.scale);
  const features = mean.length;
  return described(description, (values, sampleSize) => {
    if (features !== 1 && features !== sampleSize) {
      throw new ShapeError(
        `standardize: made for samples of ${features} numbers, got samples of ${sampleSize}`,
      );
    }
    for (let start = 0; start < values.length; start += features) {
      for (let j = 0; j < features; j++) values[start + j] = (values[start + j] - mean[j]) * factor[j];
    }
  });
}

function described<D extends TransformDescription>(description: D, run: Transform): DescribedTransform<D> {
  return Object.assign(run, { description });
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && Array.from(value).every(Number.isFinite);
}
