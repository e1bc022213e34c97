/** The slice on which regions are counted: a part of a plane or a line in the space of a net's inputs. */
import { ArgumentError, ShapeError, show } from "@gradus/core";

/** A point of the slice: [u, v], or [t] on a line. */
export type Point = readonly number[];

/** From a to b, a < b. */
export type Range = readonly [from: number, to: number];

/** x = origin + u·directions[0] + v·directions[1], (u, v) in the box. */
export interface Plane {
  readonly origin: Point;
  readonly directions: readonly [Point, Point];
  readonly box: readonly [u: Range, v: Range];
}

/** x = origin + t·direction, t in the range. */
export interface Line {
  readonly origin: Point;
  readonly direction: Point;
  readonly range: Range;
}

/** The square [−size, size]² of two inputs. */
export function square(size: number): Plane {
  return {
    origin: [0, 0],
    directions: [
      [1, 0],
      [0, 1],
    ],
    box: [
      [-size, size],
      [-size, size],
    ],
  };
}

/** The whole of [0, 1]. */
export const UNIT_LINE: Line = { origin: [0], direction: [1], range: [0, 1] };

/** [0, 1]². */
export const UNIT_SQUARE: Plane = { ...square(1), box: [UNIT_LINE.range, UNIT_LINE.range] };

/** @throws ArgumentError or ShapeError unless it is a plane in the space of the net's inputs and the box is not empty. */
export function checkPlane(who: string, size: number, plane: Plane): Plane {
  const { origin, directions, box } = plane;
  checkSlice(who, size, origin, directions, box);
  const [uu, vv, uv] = [
    dot(directions[0], directions[0]),
    dot(directions[1], directions[1]),
    dot(...directions),
  ];
  if (!(uu * vv - uv * uv > 1e-12 * uu * vv)) {
    throw new ArgumentError(
      `${who}: directions ${show(directions[0])} and ${show(directions[1])} are parallel and span no plane; ` +
        "use regionsOnLine for a line",
    );
  }
  return plane;
}

/** @throws ArgumentError or ShapeError unless it is a line in the space of the net's inputs and the range is not empty. */
export function checkLine(who: string, size: number, line: Line): Line {
  const { origin, direction, range } = line;
  checkSlice(who, size, origin, [direction], [range]);
  if (!(dot(direction, direction) > 0)) {
    throw new ArgumentError(
      `${who}: direction ${show(direction)} leads nowhere; one of its numbers must not be 0`,
    );
  }
  return line;
}

function checkSlice(
  who: string,
  size: number,
  origin: Point,
  directions: readonly Point[],
  box: readonly Range[],
): void {
  for (const [name, vector] of [
    ["origin", origin],
    ...directions.map((d) => ["direction", d] as const),
  ] as const) {
    if (vector?.length !== size) {
      throw new ShapeError(
        `${who}: the net has ${size} inputs, but the ${name} ${show(vector)} has ${vector?.length}`,
      );
    }
    if (!vector.every(Number.isFinite)) {
      throw new ArgumentError(`${who}: the ${name} must be finite numbers, got ${show(vector)}`);
    }
  }
  for (const range of box) {
    const [from, to] = range;
    if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
      throw new ArgumentError(`${who}: ${show(range)} is empty; a range is [from, to] with finite from < to`);
    }
  }
}

function dot(a: Point, b: Point): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
