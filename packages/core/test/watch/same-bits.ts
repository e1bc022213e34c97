import { expect } from "vitest";
import { backward, concat, createRng, mul, sum, type Tensor, variable } from "../../src/index.ts";
import { type AnyOp, drawInputs, type OpSamples, type Sample } from "../../src/testing/index.ts";
import { rowsOf, watch } from "../../src/watch/index.ts";

/** The result of an op on a sample, its gradients, and the gradients of the sum of their squares. */
export function allOf(op: AnyOp, sample: Sample<unknown>, seed: string): Tensor[] {
  const x = drawInputs(sample, createRng(seed)).map((input) => variable(input));
  const call = op as unknown as (...args: unknown[]) => Tensor | Tensor[];
  const params = sample.params === undefined ? [] : [sample.params];
  const result = "list" in op.spec ? call(x, ...params) : call(...x, ...params);
  const parts = [result].flat();
  const y = parts.length === 1 ? parts[0] : concat(parts.map((part) => part.flatten()));
  if (!y.tracked) return [y];
  const first = backward(y, { cotangent: mul(y, 0.5).detach(), differentiable: true });
  const gradients = x.flatMap((input) => first.get(input) ?? []);
  const squares = gradients.map((g) => sum(mul(g, g)));
  const tracked = squares.filter((square) => square.tracked);
  const second = tracked.map((square) => backward(square));
  return [y, ...gradients, ...second.flatMap((found) => x.flatMap((input) => found.get(input) ?? []))];
}

/** Runs every sample of every op twice, the second time watched; all bits must be equal. @returns the number of samples. */
export function expectSameBits(ops: object, samples: object): number {
  let count = 0;
  for (const [name, op] of Object.entries(ops) as [string, AnyOp][]) {
    const entry = (samples as Record<string, OpSamples<unknown>>)[name];
    for (const [i, sample] of entry.samples.entries()) {
      count++;
      const seed = `${name}/${i}`;
      const plain = allOf(op, sample, seed);
      const trace = watch(() => allOf(op, sample, seed));
      const bits = (tensors: readonly Tensor[]) =>
        tensors.map(({ shape, data }) => [shape, Array.from(data)]);
      expect(bits(trace.result), seed).toEqual(bits(plain)); // toEqual tells −0 from 0 and takes NaN for NaN
      if (i > 0) continue;
      expect(trace.toString({ columns: 160 }), seed).toContain(name);
      expect(rowsOf(JSON.parse(JSON.stringify(trace))).sections.length, seed).toBeGreaterThan(0);
    }
  }
  return count;
}
