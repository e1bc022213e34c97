import type { VNode } from "preact";
import { type Rectangles, type Repeat, rectanglesOf } from "../../../tools/explain/repeat.ts";

/** More cells have no lines between them. */
const MOST = 16;
/** The largest side of a rectangle, the largest cell, and the distance of stacked sheets, in pixels. */
const SIDE = 128;
const CELL = 18;
const SHEET = 5;
const GAP = 64;

/** Broadcasting as rectangles: the operand, and the result with its copies. The sentence says the same. */
export function RepeatView({ repeat }: { repeat: Repeat }): VNode {
  const { kind, text } = repeat;
  const rectangles = rectanglesOf(repeat);
  const [rows, columns] = rectangles.result;
  const cell = Math.min(CELL, SIDE / Math.max(rows, columns, 1));
  const small = sizeOf(rectangles.operand, cell);
  const large = sizeOf(rectangles.result, cell);
  const sheets = Math.min(rectangles.sheets, 3);
  const behind = (sheets - 1) * SHEET;
  const [left, right] = kind === "repeat" ? [small, large] : [large, small];
  const start = 2 + left.width + (kind === "repeat" ? 0 : behind);
  const width = start + GAP + right.width + (kind === "repeat" ? behind : 0) + 2;
  const height = large.height + behind + 4;
  const middle = height / 2;
  return (
    <div class="repeat">
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <g transform={`translate(${kind === "repeat" ? 2 : start + GAP} ${middle - small.height / 2})`}>
          <Rectangle size={rectangles.operand} own={rectangles.operand} cell={cell} />
        </g>
        <path class="arrow-line" d={`M${start + 8} ${middle}h${GAP - 18}m-7 -5l7 5l-7 5`} />
        <text x={start + GAP / 2} y={middle - 8}>
          {kind === "repeat" ? "repeat" : "sum"}
        </text>
        <g transform={`translate(${kind === "repeat" ? start + GAP : 2} 2)`}>
          {Array.from({ length: sheets }, (_, i) => sheets - 1 - i).map((sheet) => (
            <g transform={`translate(${sheet * SHEET} ${sheet * SHEET})`}>
              <Rectangle
                size={rectangles.result}
                own={sheet === 0 ? rectangles.operand : [0, 0]}
                cell={cell}
              />
            </g>
          ))}
        </g>
      </svg>
      <p>{text}</p>
    </div>
  );
}

function sizeOf([rows, columns]: Rectangles["result"], cell: number): { width: number; height: number } {
  return { width: columns * cell, height: rows * cell };
}

/** A rectangle of cells; those of the first copy are filled. */
function Rectangle({
  size,
  own,
  cell,
}: {
  size: Rectangles["result"];
  own: Rectangles["result"];
  cell: number;
}): VNode {
  const { width, height } = sizeOf(size, cell);
  const filled = sizeOf([Math.min(own[0], size[0]), Math.min(own[1], size[1])], cell);
  const lines = (count: number, along: (i: number) => string): string =>
    count > MOST
      ? ""
      : Array.from({ length: Math.max(0, count - 1) }, (_, i) => along((i + 1) * cell)).join("");
  return (
    <>
      <rect class="all" width={width} height={height} />
      <rect class="own-cells" width={filled.width} height={filled.height} />
      <path
        class="cell-lines"
        d={lines(size[1], (x) => `M${x} 0v${height}`) + lines(size[0], (y) => `M0 ${y}h${width}`)}
      />
      <rect class="edge" width={width} height={height} />
    </>
  );
}
