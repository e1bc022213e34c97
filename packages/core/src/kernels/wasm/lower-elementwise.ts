import { SELU_LAMBDA, SELU_LAMBDA_ALPHA } from "../../math/selu-constants.ts";
import { broadcastStrides, type Shape, sizeOf } from "../../shape.ts";
import type { Lowering } from "../kernels.ts";
import * as code from "./opcodes.ts";

/** Opcodes of element-wise ops, and the params they take as doubles. */
const elementwise: Readonly<Record<string, readonly [opcode: number, ...params: (string | number)[]]>> = {
  broadcastTo: [code.COPY],
  reshape: [code.COPY],
  neg: [code.NEG],
  abs: [code.ABS],
  sign: [code.SIGN],
  square: [code.SQUARE],
  sqrt: [code.SQRT],
  rsqrt: [code.RSQRT],
  reciprocal: [code.RECIPROCAL],
  exp: [code.EXP],
  expm1: [code.EXPM1],
  log: [code.LOG],
  log1p: [code.LOG1P],
  tanh: [code.TANH],
  sigmoid: [code.SIGMOID],
  logSigmoid: [code.LOG_SIGMOID],
  softplus: [code.SOFTPLUS],
  softsign: [code.SOFTSIGN],
  relu: [code.RELU],
  relu6: [code.CLAMP, 0, 6],
  hardtanh: [code.CLAMP, "low", "high"],
  clamp: [code.CLAMP, "low", "high"],
  leakyRelu: [code.LEAKY_RELU, "slope"],
  exponentialSlope: [code.EXPONENTIAL_SLOPE, "right", "left", "rate"],
  elu: [code.ELU, 1, "alpha", 1],
  celu: [code.ELU, 1, "alpha", "alpha"],
  selu: [code.ELU, SELU_LAMBDA, SELU_LAMBDA_ALPHA, 1],
  silu: [code.SILU],
  mish: [code.MISH],
  add: [code.ADD],
  sub: [code.SUB],
  mul: [code.MUL],
  div: [code.DIV],
  chain: [code.CHAIN],
  maximum: [code.MAXIMUM],
  minimum: [code.MINIMUM],
  equal: [code.EQUAL],
  notEqual: [code.NOT_EQUAL],
  greater: [code.GREATER],
  greaterEqual: [code.GREATER_EQUAL],
  less: [code.LESS],
  lessEqual: [code.LESS_EQUAL],
  where: [code.WHERE],
};

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

/** How an element-wise op is computed; null for any other op, or one that broadcasts in too many pieces. */
export function lowerElementwise(
  name: string,
  shapes: readonly Shape[],
  outShape: Shape,
  params: unknown,
): Lowering | null {
  if (!Object.hasOwn(elementwise, name)) return null;
  const [opcode, ...names] = elementwise[name];
  // A reshape is a copy of a flat array.
  const flat = shapes.length === 1 && sizeOf(shapes[0]) === sizeOf(outShape);
  const { rows, columns, steps, starts } = flat ? gridOf([shapes[0]], shapes[0]) : gridOf(shapes, outShape);
  if (starts.length > MOST) return null;
  const doubles = names.map((name) =>
    typeof name === "number" ? name : (params as Record<string, number>)[name],
  );
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
