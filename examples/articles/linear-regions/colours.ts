/** Colours for a map of cells: neighbours get different ones. */
import { groups, neighbours, type Pair } from "./neighbours.ts";
import type { Regions } from "./regions.ts";
import type { Point, Range } from "./slice.ts";

/** A country with less than this share of the box's area is too small to see. */
const SMALL = 0.005;

/** Countries that are this near along this length, as shares of the box, seem to touch: only tiny countries are between. */
const NEAR = 0.015;
const LONG = 0.04;

/**
 * A colour for each cell, 0 … 5, never the same on both sides of a border.
 *
 * @param tolerance neighbours whose maps differ by less, relative to the largest value any of them has, are one country
 *   and get one colour; without it each cell is a country.
 */
export function colours(
  { cells, neighbours: touch }: Regions,
  box: readonly Range[],
  tolerance?: number,
): number[] {
  const all = cells.map((_, i) => i);
  const group = tolerance === undefined ? all : groups(cells, touch, box, tolerance);
  const country = new Map([...new Set(group)].map((name, i) => [name, i]));
  const of = (cell: number): number => country.get(group[cell]) as number;
  const touching = Array.from(country, () => new Set<number>());
  for (const [a, b] of touch.map((pair) => pair.map(of))) {
    if (a === b) continue;
    touching[a].add(b);
    touching[b].add(a);
  }
  const areas = touching.map(() => 0);
  for (const i of all) areas[of(i)] += area(cells[i].corners);
  const whole = areas.reduce((sum, value) => sum + value, 0);
  const large = touching.map((_, i) => areas[i] >= SMALL * whole);
  const near = neighbours(cells, box, NEAR, LONG)
    .map(([a, b]): Pair => [of(a), of(b)])
    .filter(([a, b]) => a !== b && large[a] && large[b]);
  const colour = coloured(touching, near);
  return all.map((cell) => colour[of(cell)]);
}

/**
 * A map in the plane always has a country with at most five neighbours. Remove such countries one by one, then colour
 * them in the opposite order: at least one of six colours is free for each. Of the free colours it gets the one that the
 * fewest near countries have, and of those the least used one.
 */
function coloured(touching: readonly ReadonlySet<number>[], pairs: readonly Pair[]): number[] {
  const near = touching.map(() => new Set<number>());
  for (const [a, b] of pairs) {
    near[a].add(b);
    near[b].add(a);
  }
  const left = new Set(touching.keys());
  const degree = touching.map((others) => others.size);
  const order: number[] = [];
  while (left.size > 0) {
    let least = -1;
    for (const i of left) if (least < 0 || degree[i] < degree[least]) least = i;
    left.delete(least);
    order.push(least);
    for (const other of touching[least]) degree[other]--;
  }
  const colour: number[] = touching.map(() => -1);
  const used = [0, 0, 0, 0, 0, 0];
  for (const i of order.reverse()) {
    const taken = new Set([...touching[i]].map((other) => colour[other]));
    const cost = used.map(
      (count, c) => count + 1e6 * [...near[i]].filter((other) => colour[other] === c).length,
    );
    const free = [0, 1, 2, 3, 4, 5].filter((c) => !taken.has(c));
    colour[i] = free.reduce((best, c) => (cost[c] < cost[best] ? c : best), free[0]);
    used[colour[i]]++;
  }
  return colour;
}

/** The area of a convex piece, corners counterclockwise. */
function area(corners: readonly Point[]): number {
  return corners.reduce((sum, [u, v], i) => {
    const [nextU, nextV] = corners[(i + 1) % corners.length];
    return sum + (u * nextV - nextU * v) / 2;
  }, 0);
}
