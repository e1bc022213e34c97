import { type MatmulParams, type ProductSizes, type Shape, sameShape, sizeOf } from "@gradus/core";
import {
  type AnyKernel,
  batchOffsets,
  lanesOf,
  normalizeAxes,
  productOf,
  type Stream,
} from "@gradus/core/internal";
import { encodeDraw, encodeProduct, encodeReduction, encodeRows } from "./encoders.generated.ts";
import { areNumbers, find, type Instruction, type Lowering } from "./instruction.ts";
import { BYTES, lowerElementwise, MOST } from "./lower-elementwise.ts";

/**
 * The instructions for an op that declares this kernel; null if its own loop must run: there is no such instruction, or the
 * declaration does not fit the shapes and params.
 */
export function lowerOp(
  kernel: AnyKernel,
  inputs: readonly Shape[],
  outShape: Shape,
  params: unknown,
): Lowering | null {
  try {
    return lowered(kernel, inputs, outShape, params as Params);
  } catch {
    return null; // shapes that have no product, axes that do not exist, params that are missing
  }
}

type Params = Readonly<Record<string, unknown>>;

function lowered(
  kernel: AnyKernel,
  inputs: readonly Shape[],
  outShape: Shape,
  params: Params,
): Lowering | null {
  /** The numbers of the kernel: its constants, and the params that it names. */
  const numbers = (): unknown[] =>
    ("numbers" in kernel ? (kernel.numbers ?? []) : []).map((number) =>
      typeof number === "string" ? params[number] : number,
    );
  const [x] = inputs;
  switch (kernel.layout) {
    case "product":
      return lowerProduct(inputs, outShape, params as Required<MatmulParams>);
    case "sameNumbers":
      // A copy of a flat array, whatever the shapes.
      return hasSameNumbers(inputs, outShape)
        ? lowerElementwise("copy", [[sizeOf(x)]], [sizeOf(x)], [])
        : null;
    case "elementwise":
      return lowerElementwise(kernel.instruction, inputs, outShape, numbers());
    case "reduction":
      return "axes" in params
        ? lowerReduction(kernel.instruction, inputs, outShape, params.axes as number[])
        : null;
    case "rows":
      return lowerRows(kernel.instruction, inputs, outShape, params.axis as number);
    case "draw":
      return lowerDraw(kernel.instruction, inputs, params.rng as Stream, numbers());
    default:
      return null;
  }
}

/** Whether the result of an op that declares `sameNumbers` can be its input under another shape. */
export function hasSameNumbers(inputs: readonly Shape[], outShape: Shape): boolean {
  return inputs.length === 1 && sizeOf(inputs[0]) === sizeOf(outShape);
}

/** Whether two shapes are the same but for axes of size 1. */
function sameButOnes(a: Shape, b: Shape): boolean {
  const [first, second] = [a, b].map((shape) => shape.filter((size) => size !== 1));
  return sameShape(first, second);
}

function lowerProduct(
  [x, y, ...others]: readonly Shape[],
  outShape: Shape,
  params: Required<MatmulParams>,
): Lowering | null {
  const { transposeX, transposeY } = params;
  const { batch, m, k, n } = productOf(x, y, params);
  const known = [transposeX, transposeY].every((transpose) => typeof transpose === "boolean");
  if (!known || others.length > 0 || !sameButOnes([...batch, m, n], outShape) || sizeOf(batch) > MOST)
    return null;
  const [offsetsX, offsetsY] = [batchOffsets(x, batch, m * k), batchOffsets(y, batch, k * n)];
  const sizes = { m, k, n, transposeA: transposeX, transposeB: transposeY };
  return {
    inPlace: false,
    instructions: ([a, b], [out]) =>
      offsetsX.map((offset, i) =>
        productInstruction(
          a.byteOffset + offset * BYTES,
          b.byteOffset + offsetsY[i] * BYTES,
          out.byteOffset + i * m * n * BYTES,
          sizes,
        ),
      ),
  };
}

/** The product of matrices at these addresses. */
export function productInstruction(a: number, b: number, out: number, sizes: ProductSizes): Instruction {
  const { m, k, n, transposeA, transposeB } = sizes;
  const { opcode } = find("product", "gemm")!;
  return encodeProduct(opcode, out, m, n, k, a, Number(transposeA ?? false), b, Number(transposeB ?? false));
}

function lowerReduction(
  instruction: string,
  [shape, ...others]: readonly Shape[],
  outShape: Shape,
  given: number | readonly number[] | undefined,
): Lowering | null {
  const entry = find("reduction", instruction);
  const axes = normalizeAxes(given, shape.length);
  const lanes = lanesOf(shape, axes);
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  if (!entry || !lanes || others.length > 0 || !sameButOnes(kept, outShape)) return null;
  return {
    inPlace: false,
    instructions: ([x], [out]) => [
      encodeReduction(entry.opcode, out.byteOffset, lanes.outer, lanes.inner, lanes.count, x.byteOffset),
    ],
  };
}

function lowerRows(
  instruction: string,
  [shape, ...others]: readonly Shape[],
  outShape: Shape,
  axis: number,
): Lowering | null {
  const entry = find("rows", instruction);
  const lanes = lanesOf(shape, normalizeAxes([axis], shape.length));
  if (!entry || lanes?.inner !== 1 || others.length > 0 || !sameButOnes(shape, outShape)) return null;
  return {
    inPlace: true,
    instructions: ([x], [out]) => [
      encodeRows(entry.opcode, out.byteOffset, lanes.outer, lanes.count, x.byteOffset),
    ],
  };
}

function lowerDraw(
  instruction: string,
  inputs: readonly Shape[],
  rng: Stream,
  numbers: readonly unknown[],
): Lowering | null {
  const entry = find("draw", instruction);
  if (!entry || inputs.length > 0 || typeof rng?.take !== "function" || !areNumbers(numbers, entry.count)) {
    return null;
  }
  return {
    inPlace: false,
    instructions(_, [{ byteOffset, length }]) {
      const from = (key0: number, key1: number, position: number): Instruction =>
        encodeDraw(entry.opcode, byteOffset, length, key0, key1, position, numbers);
      const refresh = (): Instruction => {
        const { key0, key1, position } = rng.take(length);
        return from(key0, key1, position);
      };
      return [{ ...from(0, 0, 0), refresh }];
    },
  };
}
