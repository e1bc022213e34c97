import type { Point } from "../../../../examples/articles/linear-regions/slice.ts";

export function area(corners: readonly Point[]): number {
  return corners.reduce((sum, [u, v], i) => {
    const [nextU, nextV] = corners[(i + 1) % corners.length];
    return sum + (u * nextV - nextU * v) / 2;
  }, 0);
}

/** The middles of n × n squares, moved a little so that none lies on a crease of a round number. */
export function grid(n: number, size: number): Point[] {
  const place = (i: number): number => size * ((2 * i + 1.0137) / n - 1);
  return Array.from({ length: n * n }, (_, i) => [place(i % n), place(Math.floor(i / n))]);
}
