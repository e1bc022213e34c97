import { type Shape, sameShape, sizeOf } from "@gradus/core";
import { broadcastStrides } from "@gradus/core/internal";
import { encodeElementwise } from "./encoders.generated.ts";
import { areNumbers, find, type Lowering } from "./instruction.ts";

/** Instructions that one op may become; beyond that its loop is no slower. */
export const MOST = 64;

/** Bytes of a number. */
export const BYTES = 8;

/** A broadcast seen as a matrix: how far apart neighbours of an operand lie, in elements; 0 where it repeats. */
interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly steps: readonly (readonly [row: number, column: number])[];
  /** Where the matrix starts in each operand, for every index of the axes before; the result has them end to end. */
  readonly starts: readonly (readonly number[])[];
}

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
  const format = (["unary", "binary", "ternary"] as const)[shapes.length - 1];
  const entry = format && find(format, instruction);
  if (!entry || !areNumbers(numbers, entry.count)) return null;
  if (!shapes.every((shape) => broadcasts(shape, outShape))) return null;
  const { rows, columns, steps, starts } = gridOf(shapes, outShape);
  if (starts.length > MOST) return null;
  return {
    inPlace: true,
    instructions: (inputs, [out]) =>
      starts.map((start, i) =>
        encodeElementwise(
          entry.opcode,
          out.byteOffset + i * rows * columns * BYTES,
          rows,
          columns,
          inputs.map(
            ({ byteOffset }, j) =>
              [byteOffset + start[j] * BYTES, steps[j][0] * BYTES, steps[j][1] * BYTES] as const,
          ),
          numbers,
        ),
      ),
  };
}

/** Whether a tensor of one shape can be repeated to the other. */
function broadcasts(shape: Shape, to: Shape): boolean {
  const missing = to.length - shape.length;
  return missing >= 0 && shape.every((size, axis) => size === 1 || size === to[axis + missing]);
}

/** One row in which operands go on as the result does, or stay at a single number. */
const [GOES_ON, STAYS] = [[0, 1] as const, [0, 0] as const];
const AT_START = [[0, 0, 0]] as const;

function isRepeated(shape: Shape, size: number): boolean {
  return size !== 1 && sizeOf(shape) === 1;
}

function gridOf(shapes: readonly Shape[], outShape: Shape): Grid {
  const size = sizeOf(outShape);
  if (shapes.every((shape) => sameShape(shape, outShape) || isRepeated(shape, size))) {
    const steps = shapes.map((shape) => (isRepeated(shape, size) ? STAYS : GOES_ON));
    return { rows: 1, columns: size, steps, starts: AT_START };
  }
  const all = shapes.map((shape) => broadcastStrides(shape, outShape.length));
  // Axes of size 1 say nothing; an axis that continues the one after it, in every operand, is joined with it.
  let axes: { size: number; strides: number[] }[] = [];
  for (let axis = outShape.length - 1; axis >= 0; axis--) {
    const size = outShape[axis];
    const strides = all.map((operand) => operand[axis]);
    const [next] = axes;
    if (size === 1) continue;
    if (next && strides.every((stride, i) => stride === next.strides[i] * next.size)) next.size *= size;
    else axes = [{ size, strides }, ...axes];
  }
  const nothing = { size: 1, strides: shapes.map(() => 0) };
  const column = axes.pop() ?? { size: 1, strides: shapes.map(() => 1) };
  const row = axes.pop() ?? nothing;
  let starts: number[][] = [shapes.map(() => 0)];
  for (const { size, strides } of axes) {
    starts = starts.flatMap((start) =>
      Array.from({ length: size }, (_, i) => start.map((at, operand) => at + i * strides[operand])),
    );
  }
  const steps = shapes.map((_, i) => [row.strides[i], column.strides[i]] as const);
  return { rows: row.size, columns: column.size, steps, starts };
}
