/** Neighbouring cells, and the linear regions that they form. */
import type { Cell } from "./regions.ts";
import type { Point, Range } from "./slice.ts";

export type Pair = readonly [number, number];

/** A distance larger than the width of the thinnest cells that count, as a share of the box. */
const APART = 1e-8;

/** A length larger than {@link APART}. */
const SHORTEST = 1e-7;

/** Rounding makes equal maps differ by less than this. */
const ROUNDING = 1e-9;

/**
 * All pairs of cells with a common border.
 *
 * @param apart the largest distance, as a share of the box, at which two borders count as the same. Default: rounding.
 * @param shortest the least common length, so that a common corner is no border.
 */
export function neighbours(
  cells: readonly Pick<Cell, "corners">[],
  box: readonly Range[],
  apart = APART,
  shortest = SHORTEST,
): Pair[] {
  const places = cells.map(({ corners }, index) => {
    const scaled = corners.map((corner) =>
      corner.map((value, k) => (value - box[k][0]) / (box[k][1] - box[k][0])),
    );
    const low = box.map((_, k) => Math.min(...scaled.map((corner) => corner[k])) - apart);
    const high = box.map((_, k) => Math.max(...scaled.map((corner) => corner[k])) + apart);
    return { index, scaled, low, high };
  });
  places.sort((a, b) => a.low[0] - b.low[0]);
  const pairs: Pair[] = [];
  places.forEach((a, i) => {
    for (let j = i + 1; j < places.length && places[j].low[0] <= a.high[0]; j++) {
      const b = places[j];
      if (box.some((_, k) => b.low[k] > a.high[k] || a.low[k] > b.high[k])) continue;
      // On a line a common end is a common border.
      if (box.length === 1 || haveBorder(a.scaled, b.scaled, apart, shortest)) pairs.push([a.index, b.index]);
    }
  });
  return pairs;
}

/** Whether an edge of one cell lies along an edge of the other. */
function haveBorder(a: readonly Point[], b: readonly Point[], apart: number, shortest: number): boolean {
  return a.some((from, i) => {
    const to = a[(i + 1) % a.length];
    const [du, dv] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.sqrt(du * du + dv * dv);
    if (length <= shortest) return false;
    const along = b.map((p) => ((p[0] - from[0]) * du + (p[1] - from[1]) * dv) / length);
    const off = b.map((p) => Math.abs((p[0] - from[0]) * dv - (p[1] - from[1]) * du) / length);
    return b.some((_, j) => {
      const k = (j + 1) % b.length;
      if (off[j] > apart || off[k] > apart) return false;
      const common =
        Math.min(length, Math.max(along[j], along[k])) - Math.max(0, Math.min(along[j], along[k]));
      return common > shortest;
    });
  });
}

/**
 * The number of its group for each cell: neighbours with equal maps are in one group.
 *
 * @param tolerance the largest difference of equal maps, relative to the largest value of all maps. Default: rounding.
 */
export function groups(
  cells: readonly Cell[],
  pairs: readonly Pair[],
  box: readonly Range[],
  tolerance = ROUNDING,
): number[] {
  const sizes = [...box.map(([from, to]) => to - from), 1];
  const entries = cells.map(({ map }) => map.flatMap((row) => row.map((value, k) => value * sizes[k])));
  const largest = entries.reduce((most, values) => Math.max(most, ...values.map(Math.abs)), 0);
  const same = (a: number, b: number): boolean =>
    entries[a].every((value, k) => Math.abs(value - entries[b][k]) <= tolerance * largest);
  const parent = cells.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (const [a, b] of pairs) if (same(a, b)) parent[root(a)] = root(b);
  return parent.map((_, i) => root(i));
}
