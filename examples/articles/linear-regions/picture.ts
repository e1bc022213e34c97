/** Cells of a plane, curves on a line: small panels of one SVG, written by hand. */
import { escaped } from "../../shared/xml.ts";
import { colours } from "./colours.ts";
import type { Regions } from "./regions.ts";
import type { Plane, Point, Range } from "./slice.ts";

/** One panel: a heading, a line below the picture, and the SVG of a square of this size. */
export interface Panel {
  readonly heading: string;
  readonly caption: string;
  draw(size: number): string;
}

const FONT = 'font-family="system-ui, sans-serif"';
const SIZE = 232;
const GAP = 24;

/** Six light colours of different hue and lightness (after Okabe & Ito's), so that neighbours differ also in greyscale. */
const PALETTE = ["#f3b562", "#7cc4ec", "#4fae8d", "#f5ea8c", "#5d8fc9", "#dd9cc0"];

/** Panels beside each other, `columns` in a row. */
export function smallMultiples(title: string, panels: readonly Panel[], columns = panels.length): string {
  const rows = Math.ceil(panels.length / columns);
  const rowHeight = SIZE + 72;
  const [width, height] = [columns * (SIZE + GAP) + GAP, rows * rowHeight + 8];
  const drawn = panels.map(({ heading, caption, draw }, i) => {
    const [x, y] = [GAP + (i % columns) * (SIZE + GAP), Math.floor(i / columns) * rowHeight];
    return (
      `<g transform="translate(${x} ${y + 36})">` +
      `<text y="-11" ${FONT} font-size="15" font-weight="600" fill="#222">${escaped(heading)}</text>` +
      `${draw(SIZE)}<rect width="${SIZE}" height="${SIZE}" fill="none" stroke="#222"/>` +
      `<text y="${SIZE + 20}" ${FONT} font-size="14" fill="#444">${escaped(caption)}</text></g>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">` +
    `<title>${escaped(title)}</title><rect width="${width}" height="${height}" fill="white"/>${drawn.join("")}</svg>\n`
  );
}

/** Options of {@link drawCells}. */
export interface CellOptions {
  /** A shape of the outputs, drawn wherever the net maps to it. */
  readonly shape?: readonly Point[];
  /** Neighbours whose maps differ by less than this part of the largest value have one colour. */
  readonly tolerance?: number;
}

/** All cells, neighbours in different colours. */
export function drawCells(
  regions: Regions,
  { box }: Plane,
  size: number,
  { shape, tolerance }: CellOptions = {},
): string {
  const { cells } = regions;
  const place = placer(box, size);
  const outline = (corners: readonly Point[]): string => `M${corners.map(place).join(" ")}z`;
  const colour = colours(regions, box, tolerance);
  const fills = PALETTE.map((fill, c) => {
    const path = cells.filter((_, i) => colour[i] === c).map(({ corners }) => outline(corners));
    return path.length === 0 ? "" : `<path fill="${fill}" d="${path.join("")}"/>`;
  });
  // Thinner lines for many cells.
  const line = Math.max(0.25, Math.min(1, 12 / Math.sqrt(cells.length))).toFixed(2);
  const shapes = shape ? cells.map(({ map }) => outline(shape.map((target) => solved(map, target)))) : [];
  const above = shapes.length === 0 ? "" : `<path fill="#222" d="${shapes.join("")}"/>`;
  return `<g stroke="#222" stroke-width="${line}" stroke-linejoin="round">${fills.join("")}</g>${above}`;
}

/** The first output over a line, from [0, 0] to [1, 1], with both axes: its pieces alternate between two colours. */
export function drawCurve({ cells }: Regions, size: number): string {
  const place = placer(
    [
      [-0.18, 1.06],
      [-0.14, 1.1],
    ],
    size,
  );
  const label = (text: string, at: Point, anchor: string): string => {
    const [x, y] = place(at).split(" ");
    return `<text x="${x}" y="${y}" ${FONT} font-size="12" text-anchor="${anchor}" fill="#444">${text}</text>`;
  };
  const ticks = [0, 0.5, 1];
  const line = (from: Point, to: Point): string => `M${place(from)} ${place(to)}`;
  const axes = [
    `<path stroke="#888" d="${[
      line([0, 0], [1, 0]),
      line([0, 0], [0, 1]),
      ...ticks.flatMap((t) => [line([t, 0], [t, -0.02]), line([0, t], [-0.02, t])]),
    ].join("")}"/>`,
    ...ticks.flatMap((t) => [
      label(String(t), [t, -0.085], "middle"),
      label(String(t), [-0.035, t - 0.02], "end"),
    ]),
    label("x", [0.75, -0.085], "middle"),
    label("y", [-0.035, 0.73], "end"),
  ];
  const pieces = cells.map(({ corners, map: [[slope, constant]] }) =>
    corners.map(([t]) => place([t, slope * t + constant])).join(" "),
  );
  const curves = ["#1b5fb5", "#d1601f"].map((stroke, parity) => {
    const path = pieces.filter((_, i) => i % 2 === parity).map((piece) => `M${piece}`);
    return `<path fill="none" stroke="${stroke}" stroke-width="2" stroke-linecap="round" d="${path.join("")}"/>`;
  });
  return [...axes, ...curves].join("");
}

/** Coordinates of the picture, rounded: the second axis points up. */
function placer([[left, right], [bottom, top]]: readonly Range[], size: number): (point: Point) => string {
  const round = (value: number): string => String(Number(value.toFixed(2)));
  return ([u, v]) =>
    `${round((size * (u - left)) / (right - left))} ${round((size * (top - v)) / (top - bottom))}`;
}

/** The point that a map of two coordinates to two outputs takes to the target. */
function solved([[a, b, e], [c, d, f]]: readonly (readonly number[])[], [x, y]: Point): Point {
  const determinant = a * d - b * c;
  return [((x - e) * d - b * (y - f)) / determinant, (a * (y - f) - (x - e) * c) / determinant];
}
