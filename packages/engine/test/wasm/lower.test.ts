import {
  chain,
  defineOp,
  type Op,
  ops,
  Parameter,
  type Shape,
  type Tensor,
  tensor,
  update,
  zeros,
} from "@gradus/core";
import type { AnyKernel } from "@gradus/core/internal";
import { type AnyOp, checkCompiled, type OpSamples } from "@gradus/core/testing";
import * as nn from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { samples } from "../../../core/test/samples/index.ts";
import { samples as nnSamples } from "../../../nn/test/samples/index.ts";
import { CONSTRUCTORS, gradientsOf, parameter, VARIANTS } from "../../../optim/test/support.ts";
import { findNonFinite } from "../../../train/src/on-nan.ts";
import type { OpStep, UpdateStep } from "../../src/compile/trace.ts";
import { Tracer } from "../../src/compile/tracer.ts";
import { compile } from "../../src/index.ts";
import { type Format, names } from "../../src/wasm/encoders.generated.ts";
import { find } from "../../src/wasm/instruction.ts";
import { lowerOp } from "../../src/wasm/lower.ts";
import { lowerUpdate } from "../../src/wasm/lower-update.ts";
import { inWay, WAYS } from "../ways.ts";

/** The ops and updates that a function consists of. */
function stepsOf(run: () => unknown): { ops: OpStep[]; updates: UpdateStep[] } {
  const tracer = new Tracer();
  tracer.trace(run);
  return {
    ops: tracer.steps.filter((step) => step.kind === "op"),
    updates: tracer.steps.filter((step) => step.kind === "update"),
  };
}

const shapesOf = ({ reads }: OpStep): Shape[] => reads.map(({ shape }) => shape);

describe("every kernel that is declared", () => {
  const all: Readonly<Record<string, AnyOp>> = { ...ops, chain, ...nn.layerOps };
  const samplesOf: Readonly<Record<string, OpSamples<unknown>>> = { ...samples, ...nnSamples };
  /** All steps of all samples of all ops and their gradients, by declaration. */
  const bySpec = new Map<OpStep["spec"], OpStep[]>();
  for (const [name, op] of Object.entries(all)) {
    samplesOf[name].samples.forEach((sample, i) => {
      checkCompiled(op, sample, `${name}/${i}`, (f) => (...args) => {
        for (const step of stepsOf(() => f(...args)).ops) {
          bySpec.set(step.spec, [...(bySpec.get(step.spec) ?? []), step]);
        }
        return f(...args);
      });
    });
  }
  const declared = [...bySpec].filter(([{ kernel }]) => kernel !== undefined);

  test.each(declared.map(([spec, steps]) => [spec.name, spec.kernel as AnyKernel, steps] as const))(
    "by the op %s names an instruction of its layout, and is used",
    (_, kernel, steps) => {
      if ("instruction" in kernel) {
        const arities: readonly Format[] = ["unary", "binary", "ternary"];
        const format = kernel.layout === "elementwise" ? arities[steps[0].reads.length - 1] : kernel.layout;
        const numbers = "numbers" in kernel ? (kernel.numbers ?? []) : [];
        expect(find(format, kernel.instruction)?.count).toBe(numbers.length);
      }
      const lowered = steps.filter((step) =>
        lowerOp(kernel, shapesOf(step), step.writes[0].shape, step.params),
      );
      expect(lowered.length).toBeGreaterThan(0);
    },
  );

  test("by ops is met in these tests, also where the op is not exported", () => {
    const instructions = declared
      .map(([{ kernel }]) => kernel)
      .flatMap((kernel) => (kernel && "instruction" in kernel ? kernel.instruction : []));
    const known = Object.entries(names).flatMap(([format, [, list]]) =>
      format === "product" || format === "update" ? [] : list.split(" ").map((text) => text.split(":")[0]),
    );
    expect(new Set(instructions)).toEqual(new Set(known));
  });

  test.each(VARIANTS)("by the optimizer %s is used", (_, name, options) => {
    const x = parameter([1, 2, 3]);
    const optimizer = new CONSTRUCTORS[name]([["x", x]], { weightDecay: 0.1, ...options });
    const { updates } = stepsOf(() => optimizer.step(gradientsOf([x], [[1, 2, 3]])));
    const kernels = updates.filter(({ spec }) => spec.kernel);
    expect(kernels.length).toBeGreaterThan(0);
    for (const { spec, reads, writes, params } of kernels) {
      const [read, written] = [reads, writes].map((list) => list.map(({ storage }) => storage.size));
      const kernel = spec.kernel?.(params);
      expect([spec.name, kernel && lowerUpdate(kernel, read, written)]).toEqual([
        spec.name,
        expect.anything(),
      ]);
    }
  });

  test("by train is used", () => {
    const kernel = findNonFinite.kernel?.();
    expect(kernel && lowerUpdate(kernel, [7], [1])).not.toBeNull();
  });
});

/** An op whose loop nobody would guess from its kernel: out[i] = 100 + i + Σ of the first elements. */
function ownOp(
  kernel: unknown,
  out: Shape,
  arity: number,
  more: object = { axes: [0] },
): Op<Tensor[], object> {
  return defineOp<Tensor[], object>({
    name: "own",
    formula: "out = 100 + i + Σ x[0]",
    shape: () => out,
    forward: (inputs: readonly Tensor[], result: Float64Array) => {
      const sum = inputs.reduce((total, x) => total + (x.data[0] ?? 0), 100);
      for (let i = 0; i < result.length; i++) result[i] = sum + i;
    },
    vjp: Array.from({ length: arity }, () => null),
    defaults: {
      low: 0,
      high: 1,
      text: "1",
      nan: Number.NaN,
      axis: -1,
      ...more,
      transposeX: false,
      nothing: null,
    },
    kernel,
  } as never) as Op<Tensor[], object>;
}

describe("the loop runs where a kernel does not fit its op:", () => {
  const elementwise = (instruction: string, ...numbers: unknown[]) => ({
    layout: "elementwise",
    instruction,
    numbers,
  });
  const product = { layout: "product" };
  const sameNumbers = { layout: "sameNumbers" };
  const sum = { layout: "reduction", instruction: "sum" };
  const softmax = { layout: "rows", instruction: "softmax" };
  const cases: readonly (readonly [kernel: unknown, inputs: readonly Shape[], out: Shape])[] = [
    [
      product,
      [
        [2, 3],
        [3, 4],
      ],
      [2, 4],
    ], // transposeY is missing
    [
      product,
      [
        [2, 3],
        [3, 4],
      ],
      [2, 5],
    ],
    [
      product,
      [
        [2, 3],
        [3, 4],
      ],
      [1],
    ],
    [
      product,
      [
        [2, 3],
        [4, 5],
      ],
      [2, 5],
    ],
    [product, [[2, 3]], [2, 3]],
    [product, [], [2, 3]],
    [product, [[], []], []],
    [
      product,
      [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
      [2, 2],
    ],
    [sameNumbers, [[4]], [3]],
    [sameNumbers, [[4]], [9]],
    [sameNumbers, [[4], [4]], [4]],
    [sameNumbers, [], [4]],
    [elementwise("add"), [[4]], [4]],
    [elementwise("add"), [[4], [3]], [4]],
    [elementwise("add"), [[2, 3], [3]], [3]],
    [elementwise("add"), [[2, 3], [3]], [9]],
    [elementwise("add"), [[4], [4], [4]], [4]],
    [elementwise("neg"), [[4], [4]], [4]],
    [elementwise("neg"), [[4]], [2, 2]],
    [elementwise("neg"), [[4]], [2]],
    [elementwise("neg"), [[4]], [40]],
    [elementwise("neg"), [], [4]],
    [elementwise("where"), [[4], [4], [4], [4]], [4]],
    [elementwise("neg", 1), [[4]], [4]],
    [elementwise("clamp"), [[4]], [4]],
    [elementwise("clamp", "low"), [[4]], [4]],
    [elementwise("clamp", "low", "hihg"), [[4]], [4]],
    [elementwise("clamp", "low", "constructor"), [[4]], [4]],
    [elementwise("clamp", "low", "text"), [[4]], [4]],
    [elementwise("clamp", "low", "nan"), [[4]], [4]],
    [elementwise("clamp", 0, Number.NaN), [[4]], [4]],
    [elementwise("clamp", 0, 1, 2), [[4]], [4]],
    [elementwise("sum"), [[4]], [4]],
    [elementwise("sgd"), [[4]], [4]],
    [elementwise("no such"), [[4]], [4]],
    [sum, [[2, 3]], [2]],
    [sum, [[2, 3]], []],
    [sum, [[2, 3]], [7]],
    [sum, [[]], []],
    [sum, [[2, 3], [3]], [3]],
    [sum, [], [3]],
    [{ layout: "reduction", instruction: "softmax" }, [[2, 3]], [3]],
    [softmax, [[2, 3]], [2]],
    [softmax, [[2, 3]], [3, 2]],
    [softmax, [[2, 3]], [20, 3]],
    [softmax, [[]], []],
    [
      softmax,
      [
        [2, 3],
        [2, 3],
      ],
      [2, 3],
    ],
    [softmax, [], [2, 3]],
    [{ layout: "rows", instruction: "sum" }, [[2, 3]], [2, 3]],
    [{ layout: "draw", instruction: "uniform", numbers: ["low", "high"] }, [], [4]], // rng is missing
    [{ layout: "draw", instruction: "bernoulli", numbers: ["nothing"] }, [], [4]],
    [{ layout: "no such", instruction: "neg" }, [[4]], [4]],
    [{}, [[4]], [4]],
  ];

  test.each(cases.map((one) => [JSON.stringify(one).replaceAll('"', ""), one] as const))(
    "%s",
    (_, [kernel, shapes, out]) => {
      const op = ownOp(kernel, out, shapes.length);
      const inputs = shapes.map((shape, i) => zeros(shape).add(i + 0.25));
      const size = out.reduce((product, length) => product * length, 1);
      const first = inputs.reduce((total, _, i) => total + i + 0.25, 100);
      for (const way of WAYS) {
        inWay(way, () => {
          const compiled = compile((...x: Tensor[]) => op(...x));
          for (let run = 0; run < 2; run++) {
            expect([...compiled(...inputs).data]).toEqual(Array.from({ length: size }, (_, i) => first + i));
          }
        });
      }
    },
  );

  test("a reduction without the param axes", () => {
    const op = ownOp(sum, [], 1, {});
    expect(compile((x: Tensor) => op(x))(tensor([0.25, 1])).item()).toBe(100.25);
  });

  const numbers = [0.9, 0.99];
  const adam = { instruction: "adam", reads: ["g", "step"], writes: ["x", "m", "v"], numbers };
  const updates: readonly (readonly [
    kernel: unknown,
    reads: readonly number[],
    writes: readonly number[],
  ])[] = [
    [{ ...adam, reads: ["g"] }, [4], [4, 4, 4]],
    [{ ...adam, reads: ["g"] }, [4, 2], [4, 4, 4]],
    [{ ...adam, reads: ["g", "g"] }, [4, 4], [4, 4, 4]],
    [{ ...adam, reads: ["g", "step", "hat"] }, [4, 2, 4], [4, 4, 4]],
    [{ ...adam, writes: ["x", "m"] }, [4, 2], [4, 4]],
    [{ ...adam, writes: ["x", "m", "m"] }, [4, 2], [4, 4, 4]],
    [{ ...adam, writes: ["x", "m", "v", "largest"] }, [4, 2], [4, 4, 4, 4]],
    [{ ...adam, reads: ["g", "step", "x"], writes: ["m", "v"] }, [4, 2, 4], [4, 4]],
    [{ ...adam, reads: ["g", "step", ">x"], writes: ["m", "v"] }, [4, 2, 4], [4, 4]],
    [{ ...adam, reads: ["step"], writes: ["x", "m", "v", "g"] }, [2], [4, 4, 4, 4]],
    [adam, [4, 1], [4, 4, 4]],
    [adam, [3, 2], [4, 4, 4]],
    [adam, [4, 2], [3, 4, 4]],
    [adam, [4, 2], [4, 4, 3]],
    [adam, [4, 2], [40, 4, 4]],
    [adam, [4, 2], [4, 4]],
    [{ ...adam, numbers: [0.9] }, [4, 2], [4, 4, 4]],
    [{ ...adam, numbers: [0.9, Number.NaN] }, [4, 2], [4, 4, 4]],
    [{ ...adam, numbers: [0.9, "0.99"] }, [4, 2], [4, 4, 4]],
    [{ ...adam, numbers: undefined }, [4, 2], [4, 4, 4]],
    [{ ...adam, instruction: "add" }, [4, 2], [4, 4, 4]],
    [{ instruction: "findNonFinite", reads: ["g", "found"], writes: [] }, [4, 1], []],
    [{ instruction: "findNonFinite", reads: ["g"], writes: ["found"] }, [4], [0]],
  ];

  test.each(updates.map((one) => [JSON.stringify(one).replaceAll('"', ""), one] as const))(
    "an update, %s",
    (_, [kernel, reads, writes]) => {
      for (const way of WAYS) {
        inWay(way, () => {
          const array = (size: number): Parameter => new Parameter(zeros([size]).add(0.5));
          const [read, written] = [reads.map(array), writes.map(array)];
          const spec = {
            name: "own",
            kernel: () => kernel as never,
            run: (_: unknown, arrays: readonly Float64Array[]) => {
              for (const x of arrays) for (let i = 0; i < x.length; i++) x[i] += i + 1;
            },
          };
          const step = compile((x: Tensor) => {
            update(spec, read, written, undefined);
            return x;
          });
          step(tensor(0));
          for (const x of read) expect([...x.data]).toEqual([...x.data].fill(0.5));
          for (const x of written) expect([...x.data]).toEqual(Array.from(x.data, (_, i) => i + 1.5));
        });
      }
    },
  );
});
