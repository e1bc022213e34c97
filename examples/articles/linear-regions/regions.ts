/**
 * The pieces into which a ReLU net cuts a plane or a line of its inputs.
 *
 * Start with the whole box. Layer by layer, every piece so far has one affine map to the units of that layer. Each
 * unit is zero along a line; cut the piece there. On the side where the unit is negative ReLU makes it 0: set its
 * row of the map to zeros. The pieces after the last layer are the activation regions.
 */
import { ArgumentError } from "@gradus/core";
import { groups, neighbours } from "./neighbours.ts";
import { type AffineLayer, layersOf, type ReluNet } from "./net.ts";
import { checkLine, checkPlane, type Line, type Plane, type Point, type Range } from "./slice.ts";

/** A convex piece of the slice on which no ReLU changes between on and off. */
export interface Cell {
  /** Corners in order around it; the two ends on a line. */
  readonly corners: readonly Point[];
  /** One character for each ReLU, first layer first: "1" on, "0" off. */
  readonly pattern: string;
  /** The affine map of the net here: for each output a row [slope, …, constant], one slope for each coordinate. */
  readonly map: readonly (readonly number[])[];
}

/** The pieces of a slice, and their numbers. */
export interface Regions {
  readonly cells: readonly Cell[];
  /** The number of cells: each has another pattern of units on and off. */
  readonly activationRegions: number;
  /** The number of linear regions: neighbouring cells with the same map are joined. */
  readonly linearRegions: number;
  /** Pairs of cells (their indices) with a common border. */
  readonly neighbours: readonly (readonly [number, number])[];
}

/**
 * A corner counts as a point of a unit's line if the unit's value there is below this share of the change of the value
 * across the box. Computed corners have errors of about 1e-16; without a tolerance three lines through one point would
 * leave a tiny cell between them, counted as a region. So cells thinner than this are not found.
 */
const THIN = 1e-9;

/** The rounding error of a sum that should be 0, relative to its terms: smaller values count as 0. */
const NOISE = 1e-13;

/** The largest number of cells: more than a picture can show, and the next layer may multiply them. */
const MOST_CELLS = 50_000;

/**
 * The regions on a plane.
 *
 * Regions without area, such as a crease itself, are not counted; a unit that is 0 on a whole cell counts as off.
 *
 * @throws ArgumentError or ShapeError for a net with other layers than Dense and ReLU, a plane that does not fit it,
 *   parallel directions or an empty box.
 * @example regionsOnPlane(net, { origin: [0, 0], directions: [[1, 0], [0, 1]], box: [[-1, 1], [-1, 1]] });
 */
export function regionsOnPlane(net: ReluNet, plane: Plane): Regions {
  const who = "regionsOnPlane";
  const layers = layersOf(who, net);
  const { origin, directions, box } = checkPlane(who, layers[0].weight.length, plane);
  const [[left, right], [bottom, top]] = box;
  const corners = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
  return regions(who, layers, corners, [...directions, origin], box);
}

/**
 * The regions on a line, from one end to the other.
 *
 * @throws ArgumentError or ShapeError as {@link regionsOnPlane} does.
 * @example regionsOnLine(net, { origin: [0], direction: [1], range: [0, 1] });
 */
export function regionsOnLine(net: ReluNet, line: Line): Regions {
  const who = "regionsOnLine";
  const layers = layersOf(who, net);
  const { origin, direction, range } = checkLine(who, layers[0].weight.length, line);
  const ends = range.map((t) => [t]);
  return regions(who, layers, ends, [direction, origin], [range]);
}

function regions(
  who: string,
  layers: readonly AffineLayer[],
  corners: readonly Point[],
  columns: readonly Point[],
  box: readonly Range[],
): Regions {
  const map = columns[0].map((_, input) => columns.map((column) => column[input]));
  let cells: Cell[] = [{ corners, pattern: "", map }];
  const limit = (count: number): void => {
    if (count > MOST_CELLS) {
      throw new ArgumentError(`${who}: more than ${MOST_CELLS} regions; take a smaller box or net`);
    }
  };
  for (const layer of layers) {
    cells = cells.flatMap((cell) => throughLayer(layer, cell, box, limit));
    limit(cells.length);
  }
  if (box.length === 1) cells.sort((a, b) => a.corners[0][0] - b.corners[0][0]);
  const pairs = neighbours(cells, box);
  return {
    cells,
    activationRegions: cells.length,
    linearRegions: new Set(groups(cells, pairs, box)).size,
    neighbours: pairs,
  };
}

/** A cell of the layer's inputs, cut into cells of its outputs. */
function throughLayer(
  { weight, bias, relu }: AffineLayer,
  cell: Cell,
  box: readonly Range[],
  limit: (count: number) => void,
): Cell[] {
  const map = bias.map((constant, unit) => {
    const row = cell.map[0].map((_, k) =>
      cell.map.reduce((sum, input, i) => sum + weight[i][unit] * input[k], 0),
    );
    row[row.length - 1] += constant;
    return row;
  });
  if (!relu) return [{ ...cell, map }];
  const largest = cell.map.map((row) => largestValue(row, box));
  let pieces: Piece[] = [cell];
  map.forEach((row, unit) => {
    const terms = largest.reduce(
      (sum, value, i) => sum + Math.abs(weight[i][unit]) * value,
      Math.abs(bias[unit]),
    );
    pieces = pieces.flatMap((piece) => cut(piece, row, NOISE * terms, box));
    limit(pieces.length);
  });
  const off = cell.map[0].map(() => 0);
  const before = cell.pattern.length;
  return pieces.map(({ corners, pattern }) => ({
    corners,
    pattern,
    map: map.map((row, unit) => (pattern[before + unit] === "1" ? row : off)),
  }));
}

type Piece = Pick<Cell, "corners" | "pattern">;

/** The part where a unit is on and the part where it is off, or the whole piece if it is only one of the two. */
function cut(
  { corners, pattern }: Piece,
  row: readonly number[],
  noise: number,
  box: readonly Range[],
): Piece[] {
  const values = corners.map((corner) => valueAt(row, corner));
  const across = box.reduce((sum, [from, to], k) => sum + Math.abs(row[k]) * (to - from), 0);
  const tolerance = THIN * across + noise;
  const above = values.some((value) => value > tolerance);
  const below = values.some((value) => value < -tolerance);
  if (above && below) {
    return [
      { corners: side(corners, values, tolerance), pattern: `${pattern}1` },
      {
        corners: side(
          corners,
          values.map((value) => -value),
          tolerance,
        ),
        pattern: `${pattern}0`,
      },
    ];
  }
  // If all corners count as points of the line, the sign at the middle of the piece decides.
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  const on = above || (!below && middle > noise);
  return [{ corners, pattern: `${pattern}${on ? "1" : "0"}` }];
}

/** The part of a convex piece where the values at its corners are positive (Sutherland & Hodgman 1974, one line). */
function side(corners: readonly Point[], values: readonly number[], tolerance: number): Point[] {
  const kept: Point[] = [];
  corners.forEach((corner, i) => {
    if (values[i] >= -tolerance) kept.push(corner);
    const next = (i + 1) % corners.length;
    if (next === 0 && corners.length === 2) return; // a segment has no way back
    const crosses =
      Math.min(values[i], values[next]) < -tolerance && Math.max(values[i], values[next]) > tolerance;
    if (!crosses) return;
    const share = values[i] / (values[i] - values[next]);
    kept.push(corner.map((from, k) => from + share * (corners[next][k] - from)));
  });
  return kept;
}

/** The value of a row of a map at a point. */
export function valueAt(row: readonly number[], point: Point): number {
  return point.reduce((sum, coordinate, k) => sum + row[k] * coordinate, row[point.length]);
}

/** A bound for the terms of a row anywhere in the box. */
function largestValue(row: readonly number[], box: readonly Range[]): number {
  return box.reduce(
    (sum, range, k) => sum + Math.abs(row[k]) * Math.max(...range.map(Math.abs)),
    Math.abs(row[box.length]),
  );
}
