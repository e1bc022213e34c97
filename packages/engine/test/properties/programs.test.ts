import { backward, createRng, type Tensor, variable } from "@gradus/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { examples } from "../../../core/test/properties/examples.ts";
import {
  inputsOf,
  makeReady,
  type Program,
  programs,
  type Ready,
} from "../../../core/test/properties/programs.ts";
import { compile } from "../../src/index.ts";
import { inWay, WAYS } from "../ways.ts";

/** The result of a program and the gradient of each input. */
function withGradients(f: Ready): (...inputs: Tensor[]) => Tensor[] {
  return (...inputs) => {
    const out = f(...inputs);
    if (!out.tracked) return [out];
    const cotangent = createRng("cotangent").uniform(out.shape, { low: 0.5, high: 1.5 });
    const gradients = backward(out, { cotangent });
    return [out, ...inputs.flatMap((x) => gradients.get(x) ?? [])];
  };
}

/** The first number that is not the same to the last bit, where every NaN is as good as any other. */
function difference(expected: readonly Tensor[], found: readonly Tensor[]): string | null {
  const shapes = (list: readonly Tensor[]): string => list.map(({ shape }) => `[${shape}]`).join();
  if (shapes(expected) !== shapes(found)) return `${shapes(found)} instead of ${shapes(expected)}`;
  for (const [k, { data }] of expected.entries()) {
    const i = data.findIndex((value, at) => !Object.is(value, found[k].data[at]));
    if (i >= 0) return `result ${k}, number ${i}: ${found[k].data[i]} instead of ${data[i]}`;
  }
  return null;
}

function expectSameBits(program: Program): void {
  const f = withGradients(makeReady(program));
  const inputs = inputsOf(program).map(variable);
  const expected = inWay("plain", () => f(...inputs));
  for (const way of WAYS) {
    inWay(way, () => {
      expect(difference(expected, f(...inputs)), `${way}, eager`).toBeNull();
      const compiled = compile(f);
      for (const run of ["first", "second"]) {
        expect(difference(expected, compiled(...inputs)), `${way}, compiled, ${run} run`).toBeNull();
      }
      compiled.release();
    });
  }
}

test("a random program gives the same bits on all kernels, eager and compiled, gradients included", () => {
  fc.assert(fc.property(programs(true), expectSameBits), { numRuns: examples });
});

test("and so it does for NaN, infinities, −0, subnormal and huge numbers", () => {
  fc.assert(fc.property(programs(false), expectSameBits), { numRuns: examples });
});

/** The derivative of a scalar function of one number at 0, by central differences. */
function derivative(f: (t: number) => number): { value: number; error: number; kink: boolean } {
  const h = 2 ** -13;
  const central = (step: number): number => (f(step) - f(-step)) / (2 * step);
  const [wide, narrow] = [central(h), central(h / 2)];
  const [left, right] = [(f(0) - f(-h)) / h, (f(h) - f(0)) / h];
  return {
    value: (4 * narrow - wide) / 3, // Richardson: the error of order h² cancels
    error: Math.abs(narrow - wide),
    kink: Math.abs(right - left) > 1e-2 * (1 + Math.abs(wide)),
  };
}

test("the gradient of a random program is its derivative along random directions", () => {
  const property = fc.property(programs(true), (program) => {
    const f = makeReady(program);
    const at = inputsOf(program);
    const [out, ...gradients] = withGradients(f)(...at.map(variable));
    fc.pre(gradients.length === at.length); // every input is in use
    const rng = createRng(`${program.seed}/directions`);
    const cotangent = createRng("cotangent").uniform(out.shape, { low: 0.5, high: 1.5 });
    const directions = at.map(({ shape }) => rng.normal(shape));
    const { value, error, kink } = derivative((t) => {
      const moved = at.map((x, i) => x.add(directions[i].mul(t)));
      return f(...moved)
        .mul(cotangent)
        .sum()
        .item();
    });
    const size = 1 + Math.abs(value);
    fc.pre(!kink && error < 1e-3 * size); // else a difference says nothing
    const analytic = gradients.reduce((sum, g, i) => sum + g.mul(directions[i]).sum().item(), 0);
    expect(Math.abs(analytic - value), `${analytic} instead of ${value}`).toBeLessThan(1e-6 * size + error);
  });
  // Most programs can be judged.
  fc.assert(property, { numRuns: examples, maxSkipsPerRun: 1 });
});
