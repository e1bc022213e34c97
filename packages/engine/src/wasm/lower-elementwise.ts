import { type Shape, sizeOf } from "@gradus/core";
import { broadcastStrides } from "@gradus/core/internal";
import type { Lowering } from "./instruction.ts";
import { opcodeOf } from "./instruction-names.ts";
import * as code from "./opcodes.ts";

/** Instructions that one op may become; beyond that its loop is no slower. */
export const MOST = 64;

/** The first element-wise instruction of one, two and three inputs, and where they end. */
const FIRST = [code.COPY, code.ADD, code.WHERE, code.WHERE + 1];

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

/** How an element-wise op is computed; null if there is no such instruction, or it broadcasts in too many pieces. */
export function lowerElementwise(
  instruction: string,
  shapes: readonly Shape[],
  outShape: Shape,
  doubles: readonly number[],
): Lowering | null {
  const opcode = opcodeOf(instruction, FIRST[shapes.length - 1], FIRST[shapes.length]);
  if (opcode === null) return null;
  // The same number of elements is a copy of a flat array, whatever the shapes.
  const flat = shapes.length === 1 && sizeOf(shapes[0]) === sizeOf(outShape);
  const { rows, columns, steps, starts } = flat ? gridOf([shapes[0]], shapes[0]) : gridOf(shapes, outShape);
  if (starts.length > MOST) return null;
  return {
    inPlace: true,
    instructions: (inputs, out) =>
      starts.map((start, i) => ({
        opcode,
        words: [
          out.byteOffset + i * rows * columns * BYTES,
          rows,
          columns,
          ...inputs.flatMap(({ byteOffset }, j) => [
            byteOffset + start[j] * BYTES,
            steps[j][0] * BYTES,
            steps[j][1] * BYTES,
          ]),
        ],
        doubles,
      })),
  };
}

function gridOf(shapes: readonly Shape[], outShape: Shape): Grid {
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
