/** A value, then a whole message, as text for people: plain here; importing @gradus/core sets the functions of messages.ts. */
export let show: (value: unknown) => string = String;
let readable = (text: string): string => text;

export function useMessages(next: { show: typeof show; readable: typeof readable }): void {
  ({ show, readable } = next);
}

/**
 * Every error gradus throws on purpose. Catch this class to catch them all.
 *
 * Messages follow one form: who was called with what, what is wrong with it, and the way out where there is one,
 * as in `matmul([2,3], [4,5]): inner sizes differ: 3 vs 4`.
 */
export class GradusError extends Error {
  override name = "GradusError";
  /** The message without the op (`add`, `matmul`, …) and the shapes in front, where those were added. @internal */
  reason?: string;
  /** The message already names the op: add no other. @internal */
  readonly namesOp?: boolean;

  constructor(message?: string, options?: ErrorOptions) {
    super(message && readable(message), options);
  }
}

/** Shapes, axes or sizes that do not fit together. */
export class ShapeError extends GradusError {
  override name = "ShapeError";
}

/** A value outside what an argument may be: a negative rate, a NaN size, an unknown option. */
export class ArgumentError extends GradusError {
  override name = "ArgumentError";
}

/** A gradient that cannot be computed or is missing. */
export class GradientError extends GradusError {
  override name = "GradientError";
}
