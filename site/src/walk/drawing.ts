/** A drawing of a walk's lines: positions are in the order of the lines, lengths in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** From the line that is used to the line that uses it. */
  readonly arrows: readonly Arrow[];
}

/** The centre of a box and its size. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** The height of every box: name, value, gradient. */
export const BOX_HEIGHT = 58;
/** Longer texts in a box are cut, in characters. */
export const LONGEST = 18;
