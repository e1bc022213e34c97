import { chain, ops, type Shape } from "@gradus/core";
import { type AnyKernel, findNonFinite } from "@gradus/core/internal";
import { type AnyOp, checkCompiled, type OpSamples } from "@gradus/core/testing";
import * as nn from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { samples } from "../../../core/test/samples/index.ts";
import { opcodes } from "../../../nn/src/ops/window-words.generated.ts";
import { samples as nnSamples } from "../../../nn/test/samples/index.ts";
import { CONSTRUCTORS, gradientsOf, parameter, VARIANTS } from "../../../optim/test/support.ts";
import type { OpStep, UpdateStep } from "../../src/compile/trace.ts";
import { Tracer } from "../../src/compile/tracer.ts";
import { type Format, names } from "../../src/wasm/encoders.generated.ts";
import { find } from "../../src/wasm/instruction.ts";
import { hasSameNumbers, lowerOp } from "../../src/wasm/lower.ts";
import { lowerUpdate } from "../../src/wasm/lower-update.ts";

type Params = Readonly<Record<string, unknown>>;

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
      if ("instruction" in kernel && kernel.layout !== "module") {
        const arities: readonly Format[] = ["unary", "binary", "ternary"];
        const format = kernel.layout === "elementwise" ? arities[steps[0].reads.length - 1] : kernel.layout;
        const numbers = "numbers" in kernel ? (kernel.numbers ?? []) : [];
        expect(find(format, kernel.instruction)?.count).toBe(numbers.length);
      }
      // The same numbers need no instruction: the result is the input under another shape.
      const lowered = steps.filter((step) =>
        kernel.layout === "sameNumbers"
          ? hasSameNumbers(shapesOf(step), step.writes[0].shape)
          : lowerOp(kernel, shapesOf(step), step.writes[0].shape, step.params),
      );
      expect(lowered.length).toBeGreaterThan(0);
    },
  );

  test("by ops is met in these tests, also where the op is not exported", () => {
    const instructions = declared
      .map(([{ kernel }]) => kernel)
      .flatMap((kernel) =>
        kernel && "instruction" in kernel && kernel.layout !== "module" ? kernel.instruction : [],
      );
    const known = Object.entries(names).flatMap(([format, [, list]]) =>
      format === "product" || format === "update" ? [] : list.split(" ").map((text) => text.split(":")[0]),
    );
    expect(new Set(instructions)).toEqual(new Set(known));
  });

  test("by ops with windows: each instruction of their module is met", () => {
    const met = declared.flatMap(([{ kernel }, steps]) =>
      steps.flatMap((step) =>
        kernel?.layout === "module"
          ? (kernel.instruction(shapesOf(step), step.writes[0].shape, step.params as Params)?.opcode ?? [])
          : [],
      ),
    );
    expect(new Set(met)).toEqual(new Set(Object.values(opcodes)));
  });

  /** These run their loops in JavaScript inside a compiled step. Take a name off the list once its rule has a kernel. */
  const WITHOUT_KERNEL = ["Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam"];

  /** The updates of one step with all that can come before the rule: clipping and weight decay. */
  function updatesOf(name: string, options: object): UpdateStep[] {
    const x = parameter([1, 2, 3]);
    const optimizer = new CONSTRUCTORS[name]([["x", x]], { weightDecay: 0.1, ...options });
    return stepsOf(() => optimizer.step(gradientsOf([x], [[1, 2, 3]]))).updates;
  }

  test("by optimizers: all rules but the listed ones have one", () => {
    const without = Object.keys(CONSTRUCTORS).filter((name) => {
      const rule = updatesOf(name, {}).find(({ spec }) => spec.name === name);
      return !rule?.spec.kernel?.(rule.params);
    });
    expect(without).toEqual(WITHOUT_KERNEL);
  });

  const withKernel = VARIANTS.filter(([, name]) => !WITHOUT_KERNEL.includes(name));
  test.each(withKernel)("by the optimizer %s is used", (_, name, options) => {
    const kernels = updatesOf(name, options).filter(({ spec }) => spec.kernel);
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

  test("for numbers that are not finite is used", () => {
    const kernel = findNonFinite.kernel?.(1);
    expect(kernel && lowerUpdate(kernel, [7], [1])).not.toBeNull();
  });
});
