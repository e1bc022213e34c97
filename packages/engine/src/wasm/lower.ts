import { type MatmulParams, type ProductSizes, type Shape, sizeOf } from "@gradus/core";
import {
  type AnyKernel,
  batchOffsets,
  lanesOf,
  normalizeAxes,
  normalizeAxis,
  productOf,
  type Stream,
  type UpdateKernel,
} from "@gradus/core/internal";
import type { Instruction, Lowering, UpdateLowering } from "./instruction.ts";
import { opcodeOf } from "./instruction-names.ts";
import { BYTES, lowerElementwise, MOST } from "./lower-elementwise.ts";
import * as code from "./opcodes.ts";

// From kernels that ops and updates declare to instructions. Without a kernel, or with one that is unknown here, the loop runs.

/** The instructions for an op that declares this kernel; null if its own loop must run. */
export function lowerOp(
  kernel: AnyKernel,
  inputs: readonly Shape[],
  outShape: Shape,
  params: unknown,
): Lowering | null {
  switch (kernel.layout) {
    case "product":
      return lowerProduct(inputs, params as Required<MatmulParams>);
    case "sameNumbers":
      return lowerElementwise("copy", inputs, outShape, []);
    case "elementwise":
      return lowerElementwise(kernel.instruction, inputs, outShape, numbersOf(kernel, params));
    case "reduction":
      return lowerReduction(kernel.instruction, inputs[0], params as Axes);
    case "rows":
      return lowerRows(kernel.instruction, inputs[0], params as Axes);
    case "draw":
      return lowerDraw(kernel.instruction, params as { rng: Stream }, numbersOf(kernel, params));
  }
}

/** The numbers of a kernel: its constants, and the params that it names. */
function numbersOf({ numbers = [] }: Extract<AnyKernel, { numbers?: unknown }>, params: unknown): number[] {
  return numbers.map((number) =>
    typeof number === "number" ? number : (params as Readonly<Record<string, number>>)[number],
  );
}

/** Params that say along which axes. */
interface Axes {
  readonly axes?: number | readonly number[];
  readonly axis: number;
}

function lowerProduct([x, y]: readonly Shape[], params: Required<MatmulParams>): Lowering | null {
  const { batch, m, k, n } = productOf(x, y, params);
  if (sizeOf(batch) > MOST) return null;
  const [offsetsX, offsetsY] = [batchOffsets(x, batch, m * k), batchOffsets(y, batch, k * n)];
  const options = { m, k, n, transposeA: params.transposeX, transposeB: params.transposeY };
  return {
    inPlace: false,
    instructions: ([a, b], out) =>
      offsetsX.map((offset, i) =>
        productInstruction(
          a.byteOffset + offset * BYTES,
          b.byteOffset + offsetsY[i] * BYTES,
          out.byteOffset + i * m * n * BYTES,
          options,
        ),
      ),
  };
}

/** The product of matrices at these addresses. */
export function productInstruction(a: number, b: number, out: number, options: ProductSizes): Instruction {
  const { m, k, n, transposeA, transposeB } = options;
  const flags = (transposeA ? 1 : 0) + (transposeB ? 2 : 0);
  return { opcode: code.GEMM, words: [out, m, n, a, k, 0, b, flags], doubles: [] };
}

function lowerReduction(instruction: string, shape: Shape, { axes }: Axes): Lowering | null {
  const opcode = opcodeOf(instruction, code.SUM, code.SOFTMAX);
  const lanes = lanesOf(shape, normalizeAxes(axes, shape.length));
  if (opcode === null || !lanes) return null;
  return {
    inPlace: false,
    instructions: ([x], out) => [
      { opcode, words: [out.byteOffset, lanes.outer, lanes.inner, x.byteOffset, lanes.count], doubles: [] },
    ],
  };
}

function lowerRows(instruction: string, shape: Shape, { axis }: Axes): Lowering | null {
  const opcode = opcodeOf(instruction, code.SOFTMAX, code.BERNOULLI);
  const lanes = lanesOf(shape, [normalizeAxis(axis, shape.length)]);
  if (opcode === null || lanes?.inner !== 1) return null;
  return {
    inPlace: true,
    instructions: ([x], out) => [
      { opcode, words: [out.byteOffset, lanes.outer, lanes.count, x.byteOffset], doubles: [] },
    ],
  };
}

function lowerDraw(
  instruction: string,
  { rng }: { readonly rng: Stream },
  numbers: readonly number[],
): Lowering | null {
  const opcode = opcodeOf(instruction, code.BERNOULLI, code.SGD);
  if (opcode === null) return null;
  return {
    inPlace: false,
    instructions: (_, out) => [
      {
        opcode,
        words: [out.byteOffset, 1, out.length, 0, 0],
        doubles: [0, ...numbers],
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

/**
 * The names of the operands at words 1, 4, 7, 10, 13 and 14 of the updates from SGD on; "-" is none.
 */
const UPDATES = [
  "x g - - - step",
  "x g b - - step",
  "x g v - - step",
  "x g v a b step",
  "x g m v - step",
  "x g m v largest step",
  "out g x - - step",
  "x - - - - step",
  "- g - - - found",
].map((text) => text.split(" "));

/** The instructions for an update that declares this kernel; null if its own loop must run. */
export function lowerUpdate(kernel: UpdateKernel): UpdateLowering | null {
  const { instruction, reads, writes, numbers = [] } = kernel;
  const opcode = opcodeOf(instruction, code.SGD, code.COPY);
  if (opcode === null) return null;
  const names = UPDATES[opcode - code.SGD];
  const given = [...reads, ...writes];
  if (given.some((name) => !names.includes(name))) return null;
  return (read, written): Instruction[] => {
    const arrays = [...read, ...written];
    const operands = names.map((name): Float64Array | undefined => arrays[given.indexOf(name)]);
    const [target, g, slot0, slot1, slot2, step] = operands.map((array) => array?.byteOffset ?? 0);
    const { length } = (operands[0] ?? operands[1]) as Float64Array;
    const words = [target, 1, length, g, 0, 0, slot0, 0, 0, slot1, 0, 0, slot2, step];
    const update = { opcode, words, doubles: numbers };
    // What it finds is a sum to which each thread adds: it starts at 0, the sum of nothing.
    return opcode === code.FIND_NON_FINITE
      ? [{ opcode: code.SUM, words: [step, 1, 1, g, 0], doubles: [] }, update]
      : [update];
  };
}
