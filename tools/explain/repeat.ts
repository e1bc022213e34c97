/** Broadcasting in a step: how an operand is repeated to the shape of the result, and what is summed on the way back. */
import type { Shape } from "@gradus/core";
import type { Row, TraceData } from "@gradus/core/watch";

/** An operand that is repeated. */
export interface Repeat {
  readonly name: string;
  readonly shape: Shape;
  /** The shape of the result. */
  readonly full: Shape;
  /** The axes of the result along which the operand is repeated. */
  readonly axes: readonly number[];
  /** `repeat` in a forward step, `sum` in the step of a gradient rule. */
  readonly kind: "repeat" | "sum";
  /** The same as a sentence. */
  readonly text: string;
}

/**
 * The operands of a step that are broadcast; the step of a rule has at most one, its input.
 *
 * @param names of the tensors, of `rowsOf`.
 * @param broadcasts whether an op of this name repeats its operands.
 */
export function repeatsOf(
  { event }: Row,
  { tensors }: TraceData,
  names: readonly string[],
  broadcasts: (op: string) => boolean,
): Repeat[] {
  if (event.kind === "update") return [];
  const op = event.kind === "derived" ? event.name : event.op;
  if (!broadcasts(op)) return [];
  const full = tensors[event.kind === "derived" ? event.outs[0] : event.out].shape;
  const inputs = event.kind === "rule" ? [event.x] : [...new Set(event.inputs)];
  return inputs.flatMap((id): Repeat[] => {
    const { shape } = tensors[id];
    const axes = repeatedAxes(shape, full);
    if (axes === null || axes.length === 0) return [];
    const kind = event.kind === "rule" ? "sum" : "repeat";
    const along = `${axes.length === 1 ? "axis" : "axes"} ${axes.join(" and ")}`;
    const times = axes.reduce((product, axis) => product * full[axis], 1);
    if (times === 1) return []; // another shape with the same numbers
    const text =
      kind === "repeat"
        ? `${names[id]} ${written(shape)} is repeated ${times} times along ${along}, to ${written(full)}.`
        : `${names[id]} ${written(shape)} was repeated along ${along} of ${written(full)}: each of its elements was used ${times} times, so its gradient is the sum over ${along}.`;
    return [{ name: names[id], shape, full, axes, kind, text }];
  });
}

/** The axes along which a shape is repeated to reach another; null if it does not broadcast to it. */
export function repeatedAxes(shape: Shape, full: Shape): number[] | null {
  const lead = full.length - shape.length;
  if (lead < 0) return null;
  const axes: number[] = [];
  for (const [axis, size] of full.entries()) {
    const own = axis < lead ? 1 : shape[axis - lead];
    if (own === size && axis >= lead) continue;
    if (own !== 1) return null;
    axes.push(axis);
  }
  return axes;
}

/** A drawing of the last two axes: rows and columns of the operand and of the result. */
export interface Rectangles {
  readonly operand: readonly [rows: number, columns: number];
  readonly result: readonly [rows: number, columns: number];
  /** How many such rectangles the other axes of the result make. */
  readonly sheets: number;
}

/** The rectangles of a repeat: shapes with fewer than two axes have one row. */
export function rectanglesOf({ shape, full }: Repeat): Rectangles {
  const last = (sizes: Shape): readonly [number, number] => [sizes.at(-2) ?? 1, sizes.at(-1) ?? 1];
  return {
    operand: last(shape),
    result: last(full),
    sheets: full.slice(0, -2).reduce((product, size) => product * size, 1),
  };
}

/** More cells are cut in a drawing. */
const MOST = 8;

/** A repeat as rectangles of text: ■ is the operand, □ a copy of it. In the step of a rule, what is summed stands at the left. */
export function repeatLines(repeat: Repeat): string[] {
  const { operand, result, sheets } = rectanglesOf(repeat);
  const small = cells(operand, operand);
  const large = cells(result, operand);
  const [left, right] = repeat.kind === "repeat" ? [small, large] : [large, small];
  const width = Math.max(...left.map(({ length }) => length));
  const height = Math.max(left.length, right.length);
  const sign = repeat.kind === "repeat" ? "→" : "Σ→";
  const lines = Array.from({ length: height }, (_, i) =>
    `${(left[i] ?? "").padEnd(width)}  ${(i === 0 ? sign : "").padEnd(sign.length)}  ${right[i] ?? ""}`.trimEnd(),
  );
  const more = sheets > 1 ? [`(${sheets} such rectangles)`] : [];
  return [...lines.map((line) => `  ${line}`), ...more];
}

/** A rectangle of signs; those outside of the first copy are hollow. */
function cells(
  [rows, columns]: readonly [number, number],
  [ownRows, ownColumns]: readonly [number, number],
): string[] {
  const shown = (count: number): number => Math.min(count, MOST);
  const lines = Array.from({ length: shown(rows) }, (_, row) => {
    const signs = Array.from({ length: shown(columns) }, (_, column) =>
      row < ownRows && column < ownColumns ? "■" : "□",
    );
    return signs.join(" ") + (columns > MOST ? " …" : "");
  });
  return rows > MOST ? [...lines, "⋮"] : lines;
}

function written(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
