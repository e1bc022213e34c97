/** What a training of the net of spirals.ts looks like, step by step, as plain data. */
/** The number of training steps. */
export const STEPS = 400;
/** The picture shows the plane from −EDGE to EDGE. */
export const EDGE = 1.15;
/** The probability of class 1 is shown in so many levels, 0 for class 0. */
export const LEVELS = 7;

/** What the net computes after a step. */
export interface Moment {
  readonly step: number;
  /** Of how many points it tells the class. */
  readonly right: number;
  /** A digit for each cell of the plane, row by row from the top: the level of the probability of class 1. */
  readonly levels: string;
}

/** A whole training. */
export interface Learning {
  /** x, y and class of each point. */
  readonly points: readonly (readonly [x: number, y: number, label: number])[];
  /** The loss before each step, and after the last one. */
  readonly losses: readonly number[];
  /** The cells in a row of the plane. */
  readonly size: number;
  readonly moments: readonly Moment[];
  /** The digest of all weights after the last step. */
  readonly hash: string;
}
