import { lanesOf, normalizeAxes, normalizeAxis, type Shape, sizeOf } from "../../shape.ts";
import type {
  GemmOptions,
  Instruction,
  Lowering,
  UpdateKernel,
  UpdateKernelName,
  UpdateLowering,
} from "../kernels.ts";
import { batchOffsets, type MatmulParams, productOf } from "../product.ts";
import { BYTES, lowerElementwise, MOST } from "./lower-elementwise.ts";
import * as code from "./opcodes.ts";

// From ops to instructions. An op that is not named here runs its own loop.

/** How an op is computed; null if its own loop must do it. */
export function lowerOp(
  name: string,
  inputs: readonly Shape[],
  outShape: Shape,
  params: unknown,
): Lowering | null {
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
      return lowerElementwise(name, inputs, outShape, params);
  }
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
export function productInstruction(a: number, b: number, out: number, options: GemmOptions): Instruction {
  const { m, k, n, transposeA, transposeB } = options;
  const flags = (transposeA ? 1 : 0) + (transposeB ? 2 : 0);
  return { opcode: code.GEMM, words: [out, m, n, a, k, 0, b, flags], doubles: [] };
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
  findNonFinite: code.FIND_NON_FINITE,
};

/** How a change of tensors is made. What the kernels read and write, and in which order, is said in `UpdateSpec`. */
export function lowerUpdate({ name, constants, slots = [] }: UpdateKernel): UpdateLowering {
  if (name === "findNonFinite") return lowerFindNonFinite;
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

/** Writes 0, the sum of nothing; then each thread that finds something writes NaN. */
const lowerFindNonFinite: UpdateLowering = ([x], [found]) => {
  const [from, to] = [x.byteOffset, found.byteOffset];
  return [
    { opcode: code.SUM, words: [to, 1, 1, from, 0], doubles: [] },
    {
      opcode: code.FIND_NON_FINITE,
      words: [0, 1, x.length, from, 0, 0, 0, 0, 0, 0, 0, 0, 0, to],
      doubles: [],
    },
  ];
};
