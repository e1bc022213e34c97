import { chain, ops, type Shape, Tensor, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import type { AnySpec } from "../../../core/src/op.ts";
import { instructions, operandsOf } from "../../src/wasm/instructions.ts";
import { awkward } from "./awkward.ts";
import { expectSameBits, numbers, runShares, sizes, specials } from "./shares.ts";

/** An op as an instruction, and the loop that says what it must return. */
interface Case {
  readonly instruction: string;
  readonly spec: AnySpec;
  readonly own?: readonly number[];
  readonly params?: Readonly<Record<string, number>>;
}

const of = (
  instruction: string,
  op: { readonly spec: unknown },
  params: Readonly<Record<string, number>> = {},
  own: readonly number[] = Object.values(params),
): Case => ({ instruction, spec: op.spec as AnySpec, params, own });

/** The slope of the ELU family, an op that is met in their gradients only. */
const exponentialSlope = { spec: slopeOf(ops.selu.spec as unknown as AnySpec) };

function slopeOf(spec: AnySpec): unknown {
  const gradient = spec.vjp[0]?.(tensor(1), { inputs: [variable(tensor(1))], params: {} });
  return gradient?.record?.inputs[1].record?.op;
}

const unary: readonly Case[] = [
  of("copy", ops.broadcastTo),
  of("neg", ops.neg),
  of("abs", ops.abs),
  of("sign", ops.sign),
  of("square", ops.square),
  of("sqrt", ops.sqrt),
  of("rsqrt", ops.rsqrt),
  of("reciprocal", ops.reciprocal),
  of("exp", ops.exp),
  of("expm1", ops.expm1),
  of("log", ops.log),
  of("log1p", ops.log1p),
  of("tanh", ops.tanh),
  of("sigmoid", ops.sigmoid),
  of("logSigmoid", ops.logSigmoid),
  of("softplus", { spec: variable(1).softplus().record?.op } as never),
  of("softsign", ops.softsign),
  of("relu", ops.relu),
  of("clamp", ops.clamp, { low: -0.5, high: 3 }),
  of("clamp", ops.clamp, { low: 0, high: 6 }),
  of("clamp", ops.clamp, { low: -0, high: 0 }),
  of("clamp", ops.clamp, { low: Number.NEGATIVE_INFINITY, high: -0 }),
  of("leakyRelu", ops.leakyRelu, { slope: 0.01 }),
  of("leakyRelu", ops.leakyRelu, { slope: -1e300 }),
  of("exponentialSlope", exponentialSlope, {
    right: 1.0507009873554805,
    left: 1.7580993408473768,
    rate: 1,
  }),
  of("exponentialSlope", exponentialSlope, { right: 0, left: -0.5, rate: -3 }),
  of("exponentialSlope", exponentialSlope, { right: -2, left: 1e-300, rate: 1e-3 }),
  of("elu", ops.elu, { alpha: 1 }, [1, 1, 1]),
  of("elu", ops.elu, { alpha: -0.3 }, [1, -0.3, 1]),
  of("elu", ops.celu, { alpha: 1.5 }, [1, 1.5, 1.5]),
  of("elu", ops.celu, { alpha: -0.1 }, [1, -0.1, -0.1]),
  of("elu", ops.selu, {}, [1.0507009873554805, 1.7580993408473768, 1]),
  of("silu", ops.silu),
  of("mish", ops.mish),
];

const binary: readonly Case[] = [
  of("add", ops.add),
  of("sub", ops.sub),
  of("mul", ops.mul),
  of("div", ops.div),
  of("chain", chain),
  of("maximum", ops.maximum),
  of("minimum", ops.minimum),
  of("equal", ops.equal),
  of("notEqual", ops.notEqual),
  of("greater", ops.greater),
  of("greaterEqual", ops.greaterEqual),
  of("less", ops.less),
  of("lessEqual", ops.lessEqual),
];

const where = of("where", ops.where);

/** The result of the op's own loop. */
function expected({ spec, params }: Case, inputs: readonly Tensor[], shape: Shape): Float64Array {
  const out = new Float64Array(shape.reduce((size, length) => size * length, 1));
  spec.forward(inputs, out, shape, params);
  return out;
}

/** An operand of a broadcast over [rows, columns]: how it lies there. */
type Form = "full" | "row" | "column" | "number";
const forms: readonly Form[] = ["full", "row", "column", "number"];

function operand(form: Form, rows: number, columns: number, seed: number): Tensor {
  const shape = { full: [rows, columns], row: [1, columns], column: [rows, 1], number: [1, 1] }[form];
  return new Tensor(numbers(shape[0] * shape[1], seed, 3), shape);
}

/** Compares an instruction over [rows, columns] with the op's own loop, and with `inPlace` writes over that operand. */
function check(
  which: Case,
  inputs: readonly Tensor[],
  rows: number,
  columns: number,
  threads: number,
  inPlace = -1,
): void {
  const values = expected(which, inputs, [rows, columns]);
  const arrays = inputs.map(({ data }) => data.slice());
  const out = arrays[inPlace] ?? new Float64Array(rows * columns).fill(7);
  const words: Record<string, number | Float64Array> = { out, outRow: 8 * columns, rows, columns };
  const names = operandsOf(instructions[which.instruction]);
  inputs.forEach(({ shape }, i) => {
    words[names[i]] = arrays[i];
    words[`${names[i]}Row`] = shape[0] === rows ? shape[1] * 8 : 0;
    words[`${names[i]}Column`] = shape[1] === columns ? 8 : 0;
  });
  runShares(which.instruction, words, which.own ?? [], threads);
  const shapes = inputs.map(({ shape }) => `[${shape.join()}]`).join(" ");
  expectSameBits(out, values, `${which.spec.name} of ${shapes}, ${threads} threads, in place of ${inPlace}`);
  arrays.forEach((array, i) => {
    if (i !== inPlace) expectSameBits(array, inputs[i].data, `operand ${i}`);
  });
}

const grids: readonly (readonly [rows: number, columns: number])[] = [
  ...sizes.map((n) => [1, n] as const),
  ...([
    [0, 3],
    [3, 0],
    [7, 1],
    [5, 8],
    [2, 1501],
    [1001, 4],
  ] as const),
];
/** Enough where there are many combinations; the last two are shared among threads, by columns and by rows. */
const moderate = grids.filter(([rows, columns]) => rows > 1 || columns < 1000);
const threadCounts = [1, 2, 3];

describe("functions of one tensor have the bits of their loops", () => {
  const x = awkward();

  test.each(unary.map((which) => [which.spec.name, which] as const))("%s of awkward numbers", (_, which) => {
    check(which, [new Tensor(x, [1, x.length])], 1, x.length, 1);
    // In the other lane, too.
    const shifted = x.slice(1, 20_000);
    check(which, [new Tensor(shifted, [1, shifted.length])], 1, shifted.length, 1);
  });

  test.each(unary.map((which) => [which.spec.name, which] as const))("%s of every size", (_, which) => {
    for (const [rows, columns] of grids) {
      for (const threads of threadCounts) {
        for (const inPlace of [-1, 0])
          check(which, [operand("full", rows, columns, 5)], rows, columns, threads, inPlace);
        if (which.instruction !== "copy") {
          // A number that repeats: the loop has no such form, so it gets an array full of it.
          const [number] = numbers(1, rows + columns, 3);
          const written = new Tensor(new Float64Array(rows * columns).fill(number), [rows, columns]);
          const out = new Float64Array(rows * columns);
          const words = {
            out,
            outRow: 8 * columns,
            rows,
            columns,
            x: Float64Array.of(number),
            xRow: 0,
            xColumn: 0,
          };
          runShares(which.instruction, words, which.own ?? [], threads);
          expectSameBits(out, expected(which, [written], [rows, columns]), `${which.spec.name}, repeated`);
        }
      }
    }
  });

  test("copies broadcast in every form", () => {
    for (const form of forms) {
      for (const [rows, columns] of grids) {
        for (const threads of threadCounts)
          check(unary[0], [operand(form, rows, columns, 3)], rows, columns, threads);
      }
    }
  });
});

describe("functions of two tensors have the bits of their loops", () => {
  test.each(binary.map((which) => [which.spec.name, which] as const))("%s", (_, which) => {
    const all = [...specials, 2, -2, 1e-200, 1e200];
    const pairs = all.flatMap((x) => all.map((y) => [x, y]));
    const [x, y] = [0, 1].map(
      (i) =>
        new Tensor(
          Float64Array.from(pairs, (pair) => pair[i]),
          [1, pairs.length],
        ),
    );
    check(which, [x, y], 1, pairs.length, 1);
    const many = awkward();
    const other = new Tensor(many.slice().reverse(), [1, many.length]);
    check(which, [new Tensor(many, [1, many.length]), other], 1, many.length, 1);
    for (const [rows, columns] of moderate) {
      for (const formX of forms) {
        for (const formY of forms) {
          const inputs = [operand(formX, rows, columns, 11), operand(formY, rows, columns, 12)];
          for (const threads of threadCounts) check(which, inputs, rows, columns, threads);
          if (formX === "full") check(which, inputs, rows, columns, 2, 0);
          if (formY === "full") check(which, inputs, rows, columns, 2, 1);
        }
      }
    }
  });
});

test("where has the bits of its loop", () => {
  for (const [rows, columns] of moderate) {
    for (const condition of forms) {
      for (const formX of forms) {
        for (const formY of forms) {
          const inputs = [condition, formX, formY].map((form, i) => operand(form, rows, columns, 21 + i));
          for (const threads of threadCounts) check(where, inputs, rows, columns, threads);
          [condition, formX, formY].forEach((form, i) => {
            if (form === "full") check(where, inputs, rows, columns, 2, i);
          });
        }
      }
    }
  }
});

test("the numbers tried reach both values of where's condition and both sides of comparisons", () => {
  const values = numbers(1000, 21, 3);
  for (const value of specials) expect(values.some((tried) => Object.is(tried, value))).toBe(true);
});
