import { ops as coreOps, GradusError, sizeOf, Tensor, tensor } from "@gradus/core";
import { allocate, type Hook, Storage, withHook } from "@gradus/core/internal";
import { describe, expect, test } from "vitest";
import { samples as coreSamples } from "../../core/test/samples/index.ts";
import * as nnOps from "../src/ops/index.ts";
import { samples as nnSamples } from "./samples/index.ts";

type Call = (...args: unknown[]) => unknown;
interface Entry {
  readonly samples: readonly { inputs: readonly { shape?: number[]; values?: unknown }[]; params?: object }[];
}

const ops = { ...coreOps, ...nnOps } as unknown as Record<string, Call & { spec?: { list?: true } }>;
const samples = { ...coreSamples, ...nnSamples } as unknown as Record<string, Entry>;

/** Two axes of this size make a result of 8.8 TB. */
const HUGE = 2 ** 20;
/** Larger inputs are not tried, and larger results are zeros. */
const MOST = 2 ** 22;
/** The numbers of all tensors. */
const ZEROS = new Float64Array(MOST);

/** Allocates every large result as the loops do, and computes none: only sizes matter. */
const sizesOnly: Hook = {
  op: (_, __, shape) =>
    sizeOf(shape) > MOST ? new Storage(allocate("", shape)) : new Storage(ZEROS.subarray(0, sizeOf(shape))),
  update: () => {},
  within: (_, __, compute) => compute(),
  rule: (_, __, ___, compute) => compute(),
} as Hook;

/** The samples of an op with two axes of its inputs, the same or others, grown to {@link HUGE}. */
function* grown({
  samples,
}: Entry): Generator<{ shapes: (number[] | undefined)[]; sample: Entry["samples"][number] }> {
  for (const sample of samples.slice(0, 12)) {
    const axes = sample.inputs.flatMap(({ shape }, input) =>
      (shape ?? []).map((_, axis) => [input, axis] as const),
    );
    for (const [i, first] of axes.entries()) {
      for (const second of axes.slice(i)) {
        const shapes = sample.inputs.map(({ shape }) => shape && [...shape]);
        for (const [input, axis] of [first, second]) (shapes[input] as number[])[axis] = HUGE;
        if (shapes.every((shape) => !shape || sizeOf(shape) <= MOST)) yield { shapes, sample };
      }
    }
  }
}

describe("R12: a result that no memory can hold is refused by the op, before it is allocated:", () => {
  const refused = new Set<string>();

  test.each(Object.keys(samples).filter((name) => name in ops))("%s", (name) => {
    for (const { shapes, sample } of grown(samples[name])) {
      const inputs = sample.inputs.map(({ values }, i): Tensor => {
        const shape = shapes[i];
        return shape ? new Tensor(ZEROS.subarray(0, sizeOf(shape)), shape) : tensor(values as number);
      });
      const args = [...(ops[name].spec?.list ? [inputs] : inputs), ...(sample.params ? [sample.params] : [])];
      try {
        withHook(sizesOnly, () => ops[name](...args));
      } catch (error) {
        expect(error, `${name} ${JSON.stringify(shapes)}`).toBeInstanceOf(GradusError);
        const { message } = error as Error;
        expect(message.startsWith(`${name}(`) || message.startsWith(`${name}:`), message).toBe(true);
        if (!/takes \d+ bytes: more than this machine gives/.test(message)) continue;
        expect(message).toMatch(/\[[\d,… ]*1048576/);
        refused.add(name);
      }
    }
  });

  test("the ways to grow reach the limit in all kinds of ops", () => {
    const kinds = [
      ...["add", "greater", "pow", "matmul", "outer", "conv1d", "conv2d", "convTranspose2d"],
      ...["attentionWeights", "scaledDotProductAttention"],
    ];
    expect(kinds.filter((name) => name in ops && !refused.has(name))).toEqual([]);
  });
});
