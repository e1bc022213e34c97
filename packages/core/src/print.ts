import { formatShape, type Shape, sizeOf, stridesOf } from "./shape.ts";

/** Tensors with more elements than this are abbreviated, as NumPy does. */
const THRESHOLD = 1000;
/** Number of rows or columns that an abbreviated axis shows at each end. */
const EDGE = 3;

/**
 * A tensor as NumPy prints it: brackets, aligned columns, at most 8 significant digits after the point, long axes
 * abbreviated by `...`.
 */
export function formatTensor(data: Float64Array, shape: Shape): string {
  if (sizeOf(shape) === 0) return shape.length === 1 ? "[]" : `[] (shape [${shape.join(",")}])`;
  const edge = sizeOf(shape) > THRESHOLD ? EDGE : Number.POSITIVE_INFINITY;
  const shown = indices(shape, edge).map((i) => data[i]);
  const texts = columns(shown);
  let next = 0;
  const nest = (axis: number, indent: number): string => {
    if (axis === shape.length) return texts[next++];
    const size = shape[axis];
    const separator =
      axis === shape.length - 1 ? ", " : `,${"\n".repeat(shape.length - 1 - axis)}${" ".repeat(indent + 1)}`;
    const parts: string[] = [];
    for (let i = 0; i < size; i++) {
      if (size > 2 * edge && i === edge) {
        parts.push("...");
        i = size - edge;
      }
      parts.push(nest(axis + 1, indent + 1));
    }
    return `[${parts.join(separator)}]`;
  };
  return nest(0, 0);
}

/** Offsets of the printed elements, in row-major order. */
function indices(shape: Shape, edge: number): number[] {
  let offsets = [0];
  for (const size of shape) {
    const visible = Array.from({ length: size }, (_, i) => i).filter(
      (i) => size <= 2 * edge || i < edge || i >= size - edge,
    );
    offsets = offsets.flatMap((offset) => visible.map((i) => offset * size + i));
  }
  return offsets;
}

/** Numbers as text of equal width, all as whole numbers, else with a fixed point, else scientific. */
function columns(values: readonly number[]): string[] {
  const finite = values
    .filter(Number.isFinite)
    .map(Math.abs)
    .filter((value) => value > 0);
  const largest = Math.max(0, ...finite);
  const smallest = Math.min(Number.POSITIVE_INFINITY, ...finite);
  const scientific =
    largest >= 1e8 || (finite.length > 0 && (smallest < 1e-4 || largest / smallest > 1e3 * 1e5));
  const digits = scientific ? 8 : Math.max(0, ...finite.map((value) => decimals(value)));
  const texts = values.map((value) => {
    if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("NaN", "nan");
    if (scientific) return value.toExponential(Math.min(8, Math.max(...finite.map(mantissaDigits))));
    const text = value.toFixed(digits);
    return Object.is(value, -0) ? `-${text}` : text;
  });
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

/** Decimals of a value rounded to 8 decimals, without zeros at the end. */
function decimals(value: number): number {
  const text = value.toFixed(8).replace(/0+$/, "");
  return text.length - text.indexOf(".") - 1;
}

/** Digits after the point in the shortest scientific form. */
function mantissaDigits(value: number): number {
  const mantissa = value.toExponential().split("e")[0];
  return Math.max(0, mantissa.length - 2);
}

/** ` at [1,0]`: where an element lies, from its position in row-major order; empty for a scalar. */
export function placeOf(position: number, shape: Shape): string {
  const index = stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]);
  return shape.length === 0 ? "" : ` at ${formatShape(index)}`;
}
