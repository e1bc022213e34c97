import { ArgumentError, check, FormatError, noMore, ranges, show } from "@gradus/core";
import { affine, betweenBounds, described } from "./described-transforms.ts";

/**
 * Changes the inputs of a batch in place. `values` are whole samples one after the other, `sampleSize` numbers each. Any
 * such function works, but not one that returns new values, such as `(values) => values.map(f)`; {@link scale}, {@link standardize}, {@link minMax} and {@link compose} also set a `description` and an
 * `inverse`.
 *
 * @example
 * const centre: Transform = (values) => {
 *   for (let i = 0; i < values.length; i++) values[i] -= 0.5;
 * };
 */
export interface Transform {
  (values: Float64Array, sampleSize: number): void;
  /** Undoes it, in place. */
  readonly inverse?: ((values: Float64Array, sampleSize: number) => void) | undefined;
  /** The transform as plain data, to be saved with the weights as JSON; {@link restoreTransform} reads it. */
  readonly description?: TransformDescription;
  /** For `JSON.stringify`, which leaves functions out: the description. */
  readonly toJSON?: () => TransformDescription;
}

/**
 * A transform as plain data. JSON keeps every bit. The lists have one entry for every number of a sample, a single one for
 * all, or, with `per: "column"`, one for each position along the last axis.
 */
export type TransformDescription =
  /** x ↦ factor·x */
  | { readonly kind: "scale"; readonly factor: number }
  /** x ↦ (x − mean)·scale */
  | {
      readonly kind: "standardize";
      readonly mean: readonly number[];
      readonly scale: readonly number[];
      readonly per?: "column";
    }
  /** x ↦ low + (x − min)/(max − min)·(high − low) with range [low, high] */
  | {
      readonly kind: "minMax";
      readonly min: readonly number[];
      readonly max: readonly number[];
      readonly range: readonly [low: number, high: number];
      readonly per?: "column";
    }
  /** The parts, one after the other. */
  | { readonly kind: "compose"; readonly parts: readonly TransformDescription[] };

/** The description of one kind. */
export type DescriptionOf<K extends TransformDescription["kind"]> = Extract<
  TransformDescription,
  { kind: K }
>;

/** A {@link Transform} that has a description and can be undone. */
export interface DescribedTransform<D extends TransformDescription = TransformDescription> extends Transform {
  readonly description: D;
  readonly inverse: (values: Float64Array, sampleSize: number) => void;
}

/**
 * Runs a transform, if there is one, or its inverse.
 *
 * @throws ArgumentError if it returns other values or a promise, which would be ignored. @internal
 */
export function runTransform(
  transform: Transform | undefined,
  values: Float64Array,
  sampleSize: number,
): void {
  const returned: unknown = transform?.(values, sampleSize);
  if (typeof returned !== "object" || returned === null || returned === values) return;
  throw new ArgumentError(
    `a transform changes the values in place, but this one returned ${show(returned)}, which nothing reads; ` +
      "write for (let i = 0; i < values.length; i++) values[i] = …",
  );
}

/** Throws if a function that makes a transform is given as one: it gets values where its arguments should be. */
export function refuseUncalled(who: string, given: unknown, call: string): void {
  if (!ArrayBuffer.isView(given)) return;
  throw new ArgumentError(`${who}: it makes a transform, and got the values themselves; call it: ${call}`);
}

/**
 * Multiplies every number: out = factor·x.
 *
 * @throws ArgumentError if `factor` is not a finite number.
 * @example
 * const images = train.with({ transform: scale(1 / 255) }); // bytes become numbers in [0, 1]
 */
export function scale(
  factor: number,
  ...extra: readonly undefined[]
): DescribedTransform<DescriptionOf<"scale">> {
  refuseUncalled("scale", factor, "scale(1 / 255)");
  noMore("scale", "factor", extra);
  check("scale", "factor", factor, ranges.finite);
  return described(
    { kind: "scale", factor },
    (values) => {
      for (let i = 0; i < values.length; i++) values[i] *= factor;
    },
    (values) => {
      if (factor === 0) throw new ArgumentError("scale: a factor of 0 cannot be undone");
      for (let i = 0; i < values.length; i++) values[i] /= factor;
    },
  );
}

/**
 * Applies several transforms one after the other. It has a description, or an inverse, if all its parts have one.
 *
 * @throws ArgumentError if a part is not a function.
 * @example
 * compose(scale(1 / 255), centre);
 */
export function compose(...transforms: readonly Transform[]): Transform {
  const wrong = transforms.findIndex((part) => !ranges.callable.admits(part));
  if (wrong >= 0) {
    throw new ArgumentError(`compose: part ${wrong} is not a transform but ${show(transforms[wrong])}`);
  }
  const run: Transform = (values, sampleSize) => {
    for (const transform of transforms) runTransform(transform, values, sampleSize);
  };
  const all = transforms.length;
  const undo = transforms.map(({ inverse }) => inverse).filter((inverse) => inverse !== undefined);
  const inverse: Transform = (values, sampleSize) => {
    for (const part of [...undo].reverse()) runTransform(part, values, sampleSize);
  };
  const parts = transforms.map(({ description }) => description).filter((part) => part !== undefined);
  const description = parts.length === all ? { kind: "compose" as const, parts } : undefined;
  return Object.assign(run, {
    ...(undo.length === all && { inverse }),
    ...(description && { description, toJSON: () => description }),
  });
}

/**
 * Makes a transform from its description, with the same bits as the original.
 *
 * @throws FormatError for anything but such a description.
 * @example
 * const text = JSON.stringify(train.transform.description);
 * const again = restoreTransform(JSON.parse(text));
 */
export function restoreTransform(
  description: TransformDescription,
  ...extra: readonly undefined[]
): DescribedTransform {
  noMore("restoreTransform", "description", extra);
  return restored(description, 0);
}

/** Descriptions in descriptions, at most. */
const MAX_DEPTH = 100;

function restored(description: TransformDescription, depth: number): DescribedTransform {
  const data = Object(description) as Record<string, unknown>;
  const { kind } = data;
  if (kind === "scale" && Number.isFinite(data.factor)) return scale(data.factor as number);
  if (kind === "compose" && Array.isArray(data.parts)) {
    if (depth === MAX_DEPTH)
      throw new FormatError(`restoreTransform: compose in compose, over ${MAX_DEPTH} deep`);
    return compose(...data.parts.map((part) => restored(part, depth + 1))) as DescribedTransform;
  }
  const per: { per?: "column" } = data.per === "column" ? { per: "column" } : {};
  if (Object.hasOwn(data, "per") && data.per !== "column") throw noDescription(description);
  if (kind === "standardize" && isNumbers(data.mean) && isNumbers(data.scale)) {
    const { mean, scale } = data;
    if (mean.length === scale.length && mean.length > 0) return affine({ kind, mean, scale, ...per });
    throw new FormatError(
      `restoreTransform: ${mean.length} means do not fit ${scale.length} scales, one each is needed`,
    );
  }
  const { min, max, range } = data;
  if (kind === "minMax" && isNumbers(min) && isNumbers(max) && isNumbers(range) && range.length === 2) {
    const sound = min.length > 0 && min.length === max.length && min.every((low, j) => low <= max[j]);
    const [low, high] = range;
    if (sound && low < high) return betweenBounds({ kind, min, max, range: [low, high], ...per });
  }
  throw noDescription(description);
}

function noDescription(description: unknown): FormatError {
  const fields = Object.entries(Object(description)).map(([name, value]) => `${name} ${show(value)}`);
  return new FormatError(
    `restoreTransform: not a transform's description: ${fields.slice(0, 10).join(", ") || show(description)}`,
  );
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && Array.from(value).every(Number.isFinite);
}
