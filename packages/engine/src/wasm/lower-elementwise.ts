import type { Shape, Walk } from "@gradus/core";
import { broadcastStrides } from "@gradus/core/internal";
import { encodeElementwise } from "./encoders.generated.ts";
import { areNumbers, find, type Lowering } from "./instruction.ts";

/** Instructions that one op may become; beyond that its loop is no slower, unless each has much to do. */
export const MOST = 64;
const MUCH = 256;

/** Bytes of a number. */
const BYTES = 8;

/** Walks over tensors seen as matrices, in bytes. */
type Grid = readonly [
  /** Where the matrices start in the result and in each operand, one for each index of the axes before. */
  starts: readonly (readonly number[])[],
  /** How far apart neighbours lie there. */
  steps: readonly (readonly [row: number, column: number])[],
  columns: number,
  rows: number,
];

/**
 * The instructions for an element-wise op; null if there is no such instruction of so many inputs and numbers, or these do not
 * broadcast to the shape of the result, or in too many pieces.
 */
export function lowerElementwise(
  instruction: string,
  shapes: readonly Shape[],
  outShape: Shape,
  numbers: readonly unknown[],
): Lowering | null {
  if (!shapes.every((shape) => broadcasts(shape, outShape))) return null;
  const walks = [outShape, ...shapes].map((shape): Walk => [0, broadcastStrides(shape, outShape.length)]);
  return lowerWalks(instruction, outShape, walks, numbers);
}

/** Whether a tensor of one shape can be repeated to the other. */
function broadcasts(shape: Shape, to: Shape): boolean {
  const missing = to.length - shape.length;
  return missing >= 0 && shape.every((size, axis) => size === 1 || size === to[axis + missing]);
}

/**
 * The instructions for a walk over an array of this shape, whose elements lie so in the result and in the operands; null if
 * there is no such instruction, or columns of the result lie apart, or there are too many pieces.
 */
export function lowerWalks(
  instruction: string,
  shape: Shape,
  walks: readonly Walk[],
  numbers: readonly unknown[] = [],
): Lowering | null {
  const format = (["unary", "binary", "ternary"] as const)[walks.length - 2];
  const entry = format && find(format, instruction);
  if (!entry || !areNumbers(numbers, entry.count)) return null;
  const [starts, steps, columns, rows] = gridOf(shape, walks);
  if (steps[0][1] !== BYTES || (starts.length > MOST && rows * columns < MUCH)) return null;
  return {
    inPlace: true,
    instructions: (inputs, [out]) =>
      starts.map((start) => {
        const [[to, row], ...operands] = [out, ...inputs].map(
          ({ byteOffset }, i) => [byteOffset + start[i], ...steps[i]] as const,
        );
        return encodeElementwise(entry.opcode, to, row, rows, columns, operands, numbers);
      }),
  };
}

/** @param twoAxes whether a matrix has rows, or is a single one: each is then a start of its own. */
export function gridOf(shape: Shape, walks: readonly Walk[], twoAxes = true): Grid {
  // Axes of size 1 say nothing; an axis that continues the one after it, everywhere, is joined with it.
  let axes: { size: number; strides: number[] }[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis];
    const strides = walks.map(([, steps]) => steps[axis] * BYTES);
    const [next] = axes;
    if (size === 1) continue;
    if (next && strides.every((stride, i) => stride === next.strides[i] * next.size)) next.size *= size;
    else axes = [{ size, strides }, ...axes];
  }
  const column = axes.pop() ?? { size: 1, strides: walks.map(() => BYTES) };
  // The longest of the other axes: the fewer matrices.
  axes.sort((a, b) => a.size - b.size);
  const row = (twoAxes && axes.pop()) || { size: 1, strides: walks.map(() => 0) };
  let starts = [walks.map(([start]) => start * BYTES)];
  for (const { size, strides } of axes) {
    starts = starts.flatMap((start) =>
      Array.from({ length: size }, (_, i) => start.map((at, operand) => at + i * strides[operand])),
    );
  }
  const steps = walks.map((_, i) => [row.strides[i], column.strides[i]] as const);
  return [starts, steps, column.size, row.size];
}
