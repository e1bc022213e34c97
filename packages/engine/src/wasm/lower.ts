import {
  type KernelModule,
  type MatmulParams,
  type ModuleInstruction,
  type ProductSizes,
  type Shape,
  sameShape,
  sizeOf,
  type Walk,
} from "@gradus/core";
import {
  type AnyKernel,
  broadcastStrides,
  lanesOf,
  normalizeAxes,
  normalizeAxis,
  productOf,
  type Stream,
} from "@gradus/core/internal";
import { encodeDraw, encodeProduct, encodeReduction, encodeRows } from "./encoders.generated.ts";
import { areNumbers, find, type Instruction, type Lowering, zeros } from "./instruction.ts";
import { gridOf, lowerElementwise, lowerWalks, MOST } from "./lower-elementwise.ts";

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

/** How many inputs the ops of a layout have; element-wise ones have as many as their instruction. */
const ARITY: { readonly [layout: string]: number } = {
  product: 2,
  strided: 1,
  reduction: 1,
  rows: 1,
  draw: 0,
};

function lowered(
  kernel: AnyKernel,
  inputs: readonly Shape[],
  outShape: Shape,
  params: Params,
): Lowering | null {
  // A result without elements may have more rows or matrices than can be listed; its loop has nothing to do.
  if (sizeOf(outShape) === 0 || inputs.length !== (ARITY[kernel.layout] ?? inputs.length)) return null;
  const [x, y] = inputs;
  switch (kernel.layout) {
    case "product":
      return lowerProduct(x, y, outShape, params as Required<MatmulParams>);
    case "strided":
      return lowerStrided(kernel.walks(x, outShape, params), x, outShape);
    case "elementwise":
      return lowerElementwise(kernel.instruction, inputs, outShape, numbersOf(kernel, params));
    case "reduction":
      return lowerReduction(kernel.instruction, x, outShape, params);
    case "rows":
      return lowerRows(kernel.instruction, x, outShape, params);
    case "module":
      return lowerModule(kernel.module, kernel.instruction(inputs, outShape, params));
    case "draw":
      return lowerDraw(kernel.instruction, params.rng as Stream, numbersOf(kernel, params));
    default:
      return null;
  }
}

/** The numbers of a kernel: its constants, and the params that it names. */
function numbersOf(kernel: AnyKernel, params: Params): readonly unknown[] {
  const { numbers = [] } = kernel as { numbers?: readonly unknown[] };
  return numbers.map((number) => (typeof number === "string" ? params[number] : number));
}

/** Whether the result of an op that declares `sameNumbers` can be its input under another shape; else its loop copies it. */
export function hasSameNumbers(inputs: readonly Shape[], outShape: Shape): boolean {
  return inputs.length === 1 && sizeOf(inputs[0]) === sizeOf(outShape);
}

/** Copies of elements that lie apart in x, or in the result: there 0, the sum of nothing, lies between them. */
function lowerStrided(walks: readonly [Walk, Walk?] | null, x: Shape, outShape: Shape): Lowering | null {
  if (!walks) return null;
  const [from, to] = walks;
  const shape = to ? x : outShape;
  const copies = lowerWalks("copy", shape, [to ?? [0, broadcastStrides(shape, shape.length)], from]);
  return (
    copies && {
      inPlace: false,
      instructions: (reads, [out]) => [
        ...(to ? [zeros(out.byteOffset, out.length)] : []),
        ...copies.instructions(reads, [out]),
      ],
    }
  );
}

/** Whether two shapes are the same but for axes of size 1. */
function sameButOnes(a: Shape, b: Shape): boolean {
  const [first, second] = [a, b].map((shape) => shape.filter((size) => size !== 1));
  return sameShape(first, second);
}

function lowerProduct(x: Shape, y: Shape, outShape: Shape, params: Required<MatmulParams>): Lowering | null {
  const { transposeX, transposeY } = params;
  const { batch, m, k, n } = productOf(x, y, params);
  const known = typeof transposeX === "boolean" && typeof transposeY === "boolean";
  if (!known || !sameButOnes([...batch, m, n], outShape)) return null;
  const walk = (axes: Shape, size: number): Walk => [
    0,
    broadcastStrides(axes, batch.length).map((step) => step * size),
  ];
  const walks = [walk(batch, m * n), walk(x.slice(0, -2), m * k), walk(y.slice(0, -2), k * n)];
  const [starts, steps, count] = gridOf(batch, walks, false);
  if (starts.length > MOST) return null;
  const sizes = { m, k, n, transposeA: transposeX, transposeB: transposeY };
  return {
    inPlace: false,
    instructions: ([a, b], [out]) =>
      starts.map((start) => {
        const [to, left, right] = [out, a, b].map(({ byteOffset }, i) => byteOffset + start[i]);
        return productInstruction(left, right, to, sizes, count, [steps[1][1], steps[2][1]]);
      }),
  };
}

/** The products of `count` pairs of matrices: the first lie at these addresses, the next `steps` bytes behind them. */
export function productInstruction(
  a: number,
  b: number,
  out: number,
  sizes: ProductSizes,
  count = 1,
  [stepA, stepB]: readonly number[] = [0, 0],
): Instruction {
  const { m, k, n, transposeA, transposeB } = sizes;
  const [opcode, flipA, flipB] = [find("product", "gemm")!.opcode, +!!transposeA, +!!transposeB];
  return encodeProduct(opcode, out, m, n, k, a, flipA, b, flipB, count, stepA, stepB);
}

function lowerModule(module: KernelModule, found: ModuleInstruction | null): Lowering | null {
  return (
    found && {
      inPlace: false,
      instructions: (reads, [out]) => [
        {
          ...found,
          words: [found.opcode, 0, ...[out, ...reads].map(({ byteOffset }) => byteOffset), ...found.words],
          numbers: [],
          module,
        },
      ],
    }
  );
}

function lowerReduction(instruction: string, shape: Shape, outShape: Shape, params: Params): Lowering | null {
  const entry = find("reduction", instruction);
  const axes = normalizeAxes(params.axes as readonly number[], shape.length);
  const lanes = lanesOf(shape, axes);
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  if (!entry || !lanes || !("axes" in params) || !sameButOnes(kept, outShape)) return null;
  return {
    inPlace: false,
    instructions: ([x], [out]) => [
      encodeReduction(entry.opcode, out.byteOffset, lanes.outer, lanes.inner, lanes.count, x.byteOffset),
    ],
  };
}

function lowerRows(instruction: string, shape: Shape, outShape: Shape, { axis }: Params): Lowering | null {
  const entry = find("rows", instruction);
  const lanes = lanesOf(shape, [normalizeAxis(axis as number, shape.length)]);
  if (!entry || lanes?.inner !== 1 || !sameButOnes(shape, outShape)) return null;
  return {
    inPlace: true,
    instructions: ([x], [out]) => [
      encodeRows(entry.opcode, out.byteOffset, lanes.outer, lanes.count, x.byteOffset),
    ],
  };
}

function lowerDraw(instruction: string, rng: Stream, numbers: readonly unknown[]): Lowering | null {
  const entry = find("draw", instruction);
  if (!entry || typeof rng.take !== "function" || !areNumbers(numbers, entry.count)) return null;
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
