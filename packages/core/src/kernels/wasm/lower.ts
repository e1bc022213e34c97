import { broadcastStrides, lanesOf, normalizeAxes, normalizeAxis, type Shape, sizeOf } from "../../shape.ts";
import type { Instruction, Lowering, UpdateKernel, UpdateKernelName, UpdateLowering } from "../kernels.ts";
import { batchOffsets, type MatmulParams, productOf } from "../product.ts";
import * as code from "./opcodes.ts";

// From ops to instructions. An op that is not named here runs its own loop.

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
  elu: [code.ELU, "alpha"],
  celu: [code.CELU, "alpha"],
  selu: [code.SELU],
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
const MOST = 64;

/** How an op is computed; null if its own loop must do it. */
export function lowerOp(
  name: string,
  inputs: readonly Shape[],
  outShape: Shape,
  params: unknown,
): Lowering | null {
  if (Object.hasOwn(elementwise, name)) return lowerElementwise(elementwise[name], inputs, outShape, params);
  switch (name) {
    case "matmul":
      return lowerProduct(inputs, params as Required<MatmulParams>);
    case "sum":
      return lowerSum(inputs[0], params as { axes: readonly number[] | number | undefined });
    case "softmax":
      return lowerSoftmax(code.SOFTMAX, inputs[0], params as { axis: number });
    case "logSoftmax":
      return lowerSoftmax(code.LOG_SOFTMAX, inputs[0], params as { axis: number });
    case "bernoulliMask":
      return lowerRandom(code.BERNOULLI, params as Random, ["probability"]);
    case "uniformNoise":
      return lowerRandom(code.UNIFORM, params as Random, ["low", "high"]);
    default:
      return null;
  }
}

/** Bytes of a number. */
const BYTES = 8;

/** A broadcast seen as a matrix: how far apart neighbours of an operand lie, in elements; 0 where it repeats. */
interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly steps: readonly (readonly [row: number, column: number])[];
  /** Where the matrix starts in each operand, for every index of the axes before; the result has them end to end. */
  readonly starts: readonly (readonly number[])[];
}

function lowerElementwise(
  [opcode, ...names]: readonly [number, ...(string | number)[]],
  shapes: readonly Shape[],
  outShape: Shape,
  params: unknown,
): Lowering | null {
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

function lowerProduct([x, y]: readonly Shape[], params: Required<MatmulParams>): Lowering | null {
  const { batch, m, k, n } = productOf(x, y, params);
  if (sizeOf(batch) > MOST) return null;
  const [offsetsX, offsetsY] = [batchOffsets(x, batch, m * k), batchOffsets(y, batch, k * n)];
  const flags = (params.transposeX ? 1 : 0) + (params.transposeY ? 2 : 0);
  return {
    inPlace: false,
    instructions: ([a, b], out) =>
      offsetsX.map((offset, i) => ({
        opcode: code.GEMM,
        words: [
          out.byteOffset + i * m * n * BYTES,
          m,
          n,
          a.byteOffset + offset * BYTES,
          k,
          0,
          b.byteOffset + offsetsY[i] * BYTES,
          flags,
        ],
        doubles: [],
      })),
  };
}

function lowerSum(
  shape: Shape,
  { axes }: { readonly axes: readonly number[] | number | undefined },
): Lowering | null {
  const lanes = lanesOf(shape, normalizeAxes(axes, shape.length));
  return (
    lanes && {
      inPlace: false,
      instructions: ([x], out) => [
        {
          opcode: code.SUM,
          words: [out.byteOffset, lanes.outer, lanes.inner, x.byteOffset, lanes.count],
          doubles: [],
        },
      ],
    }
  );
}

function lowerSoftmax(opcode: number, shape: Shape, { axis }: { readonly axis: number }): Lowering | null {
  const lanes = lanesOf(shape, [normalizeAxis(axis, shape.length)]);
  if (lanes?.inner !== 1) return null;
  return {
    inPlace: true,
    instructions: ([x], out) => [
      { opcode, words: [out.byteOffset, lanes.outer, lanes.count, x.byteOffset], doubles: [] },
    ],
  };
}

/** Params of an op that draws from a stream. */
interface Random extends Readonly<Record<string, unknown>> {
  readonly rng: {
    take(count: number): { readonly key0: number; readonly key1: number; readonly position: number };
  };
}

function lowerRandom(opcode: number, params: Random, names: readonly string[]): Lowering {
  const { rng } = params;
  return {
    inPlace: false,
    instructions: (_, out) => [
      {
        opcode,
        words: [out.byteOffset, 1, out.length, 0, 0],
        doubles: [0, ...names.map((name) => params[name] as number)],
        refresh: (words, doubles) => {
          const { key0, key1, position } = rng.take(out.length);
          words[3] = key0;
          words[4] = key1;
          doubles[0] = position;
        },
      },
    ],
  };
}

const updates: Readonly<Record<UpdateKernelName, number>> = {
  sgd: code.SGD,
  sgdMomentum: code.SGD_MOMENTUM,
  rmsprop: code.RMSPROP,
  rmspropMomentum: code.RMSPROP_MOMENTUM,
  adam: code.ADAM,
  amsgrad: code.AMSGRAD,
  prepareGradient: code.PREPARE_GRADIENT,
  shrink: code.SHRINK,
};

/** How a change of tensors is made. What the kernels read and write, and in which order, is said in `UpdateKernel`. */
export function lowerUpdate({ name, constants, slots = [] }: UpdateKernel): UpdateLowering {
  return (reads, writes): Instruction[] => {
    const [target] = writes;
    const place = (array: Float64Array | undefined): number => array?.byteOffset ?? 0;
    // shrink has no gradient: its numbers come first.
    const [g, x, numbers] =
      name === "shrink"
        ? [undefined, undefined, reads[0]]
        : name === "prepareGradient"
          ? [reads[0], reads[1], reads[2]]
          : [reads[0], undefined, reads[1]];
    const slot = (i: number): number => (x && i === 0 ? place(x) : place(writes[slots[i] ?? -1]));
    return [
      {
        opcode: updates[name],
        words: [
          place(target),
          1,
          target.length,
          place(g),
          0,
          0,
          slot(0),
          0,
          0,
          slot(1),
          0,
          0,
          slot(2),
          place(numbers),
        ],
        doubles: constants,
      },
    ];
  };
}
