/** The size of a plot, in its own units. */
export const WIDTH = 600;
export const HEIGHT = 340;

/** A range of numbers. */
export interface Span {
  readonly low: number;
  readonly high: number;
}
