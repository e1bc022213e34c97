import { backward, type Gradients } from "../backward.ts";
import { ArgumentError, GradientError, GradusError } from "../errors.ts";
import type { OpSpec } from "../op.ts";
import { mul } from "../ops/arithmetic.ts";
import { concat } from "../ops/select.ts";
import { check, noMore } from "../options.ts";
import { tensor, variable } from "../parameter.ts";
import { createRng, type Rng, randomStream } from "../random.ts";
import { isListOf } from "../ranges.ts";
import { formatShape, sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Differentiable, gradcheck } from "./gradcheck.ts";
import { gradgradcheck } from "./gradgradcheck.ts";
import type { AnyOp, Domain, ErrorSample, OpSamples, Sample, SampleInput, SamplesOf } from "./samples.ts";

/** The functions of a test runner that `describeOps` calls: vitest, jest, mocha and node:test have them. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  test(name: string, body: () => void): void;
  /** `compile` of `@gradus/engine`, to check compiled ops too. Default: they are not checked. */
  readonly compile?: Compile;
}

/** Compiles a function of tensors; the results must have the same bits. */
export type Compile = (f: (...x: Tensor[]) => Tensor[]) => (...x: Tensor[]) => Tensor[];

/** `NoInfer` of TypeScript 5.4, for older versions too: a conditional type is no place to infer from. */
type NotInferred<T> = [T][T extends unknown ? 0 : never];

/**
 * Tests every op on its samples: a second run has the same bits, also compiled if `compile` is given; the gradient and
 * its gradient agree with finite differences. Each error sample must throw a GradusError with the given message. Use it
 * for your own ops too.
 *
 * @param ops each under its own name, such as all exports of a file of ops.
 * @param samples an entry for each op, with at least five samples.
 * @param runner the test runner; each sample becomes a test.
 * @example
 * import { describe, test } from "vitest";
 * describeOps({ cube }, { cube: { samples: unarySamples(), errors: [] } }, { describe, test });
 */
export function describeOps<Ops extends Readonly<Record<string, AnyOp>>>(
  ops: Ops,
  samples: NotInferred<SamplesOf<Ops>>,
  { describe, test, compile }: TestRunner,
  ...extra: readonly undefined[]
): void {
  noMore("describeOps", "ops, samples, options", extra);
  const entries: Readonly<Record<string, OpSamples<unknown> | undefined>> = samples;
  for (const [name, op] of Object.entries(ops)) {
    const { samples: calls, errors: refused } = entries[name] ?? { samples: [], errors: [] };
    describe(name, () => {
      test("has its own name and at least five samples", () => {
        if (op.spec.name !== name) throw new GradusError(`${name} is declared as ${op.spec.name}`);
        if (calls.length < 5) throw new GradusError(`${name} has ${calls.length} samples; 5 are needed`);
      });
      calls.forEach((sample, i) => {
        test(`${call(name, sample)} passes the checks of first and second order`, () =>
          checkSample(op, sample, `${name}/${i}`, compile));
      });
      for (const sample of refused) {
        test(`${call(name, sample)} is refused`, () => checkRefusal(op, sample));
      }
    });
  }
}

/** Runs all checks of one sample. */
export function checkSample(
  op: AnyOp,
  sample: Sample<unknown>,
  seed: string,
  compile?: Compile,
  ...extra: readonly undefined[]
): void {
  noMore("checkSample", "op, sample, seed, compile", extra);
  if (typeof op !== "function" || !("spec" in op)) {
    throw new ArgumentError(`checkSample: needs an op of defineOp or deriveOp, got ${show(op)}`);
  }
  const inputs = drawInputs(sample, createRng(seed));
  const f = bind(op, sample.params);
  const out = f(...inputs);
  if (!sameBits(out, f(...inputs))) throw new GradusError(`${op.spec.name}: a second run gave other numbers`);
  const variables = inputs.map(variable);
  const y = f(...variables);
  if (compile) checkCompiled(op, sample, seed, compile);
  if (!y.tracked) return; // an op without gradients
  const twice = [backward(y, { cotangent: y.detach() }), backward(y, { cotangent: y.detach() })];
  if (![...twice[0].keys()].every((x) => sameBits(twice[0].of(x), twice[1].of(x)))) {
    throw new GradientError(`${op.spec.name}: a second backward gave other numbers`);
  }
  const constants = constantsOf(op, sample, variables, twice[0]);
  gradcheck(f, inputs, { name: op.spec.name, seed, constants });
  gradgradcheck(f, inputs, { name: op.spec.name, seed, constants });
}

/** Compiles the op with its gradient: the results must have the same bits, also in a second run with the same buffers. */
export function checkCompiled(
  op: AnyOp,
  sample: Sample<unknown>,
  seed: string,
  compile: Compile,
  ...extra: readonly undefined[]
): void {
  noMore("checkCompiled", "op, sample, seed, compile", extra);
  const f = bind(op, sample.params);
  const variables = drawInputs(sample, createRng(seed)).map(variable);
  const all = (...x: Tensor[]): Tensor[] => {
    const out = f(...x);
    if (!out.tracked) return [out];
    const gradients = backward(out, { cotangent: mul(out, 0.5).detach() });
    return [out, ...x.flatMap((input) => gradients.get(input) ?? [])];
  };
  const compiled = compile(all);
  const expected = all(...variables);
  for (const run of ["first", "second"]) {
    const found = compiled(...variables);
    if (found.length !== expected.length || !found.every((x, i) => sameBits(x, expected[i]))) {
      throw new GradusError(`${op.spec.name}: compiled, the ${run} run gave other numbers`);
    }
  }
}

/**
 * The positions of the inputs without gradient: those whose rule is null; in a derived op, those given as values (indices,
 * classes) that get no gradient.
 */
function constantsOf(
  op: AnyOp,
  sample: Sample<unknown>,
  variables: readonly Tensor[],
  gradients: Gradients,
): number[] {
  const { vjp } = op.spec as Partial<OpSpec<readonly Tensor[], unknown>>;
  return [...variables.keys()].filter((i) =>
    vjp ? vjp[i] === null : "values" in sample.inputs[i] && gradients.get(variables[i]) === undefined,
  );
}

function checkRefusal(op: AnyOp, sample: ErrorSample<unknown>): void {
  try {
    bind(op, sample.params)(...drawInputs(sample, createRng("errors")));
  } catch (error) {
    if (error instanceof GradusError && sample.message.test(error.message)) return;
    throw error;
  }
  throw new GradusError(`${op.spec.name} accepted what it must refuse with ${sample.message}`);
}

/** The op with fixed params, as a function of tensors to one tensor; several results are concatenated. */
function bind(op: AnyOp, params: unknown): Differentiable {
  const anyOp = op as unknown as (...args: unknown[]) => Tensor | Tensor[];
  const rest = params === undefined ? [] : [params];
  return (...inputs) => {
    const out = "list" in op.spec ? anyOp(inputs, ...rest) : anyOp(...inputs, ...rest);
    return Array.isArray(out) ? concat(out.map((part) => part.flatten())) : out;
  };
}

/** The inputs of a sample: given values, or random numbers at a distance from the points to avoid. */
export function drawInputs(sample: Sample<unknown>, rng: Rng, ...extra: readonly undefined[]): Tensor[] {
  noMore("drawInputs", "sample, rng", extra);
  check("drawInputs", "rng", rng, randomStream);
  const isInput = (input: unknown): boolean => typeof input === "object" && input !== null;
  if (!isListOf(sample?.inputs, isInput)) {
    throw new ArgumentError(`drawInputs: needs a sample { inputs }, got ${show(sample)}`);
  }
  return sample.inputs.map((input: SampleInput) => {
    if ("values" in input) return tensor(input.values);
    const { shape, low = -2, high = 2 } = input;
    const x = rng.uniform(shape, { low, high });
    for (let i = 0; i < x.size; i++) x.data[i] = keepAway(x.data[i], input);
    return x;
  });
}

function keepAway(value: number, { avoid = [] }: Domain): number {
  const near = avoid.find((point) => Math.abs(value - point) < 0.01);
  return near === undefined ? value : near + (value < near ? -0.02 : 0.02);
}

function sameBits(a: Tensor, b: Tensor): boolean {
  return sameShape(a.shape, b.shape) && a.data.every((value, i) => Object.is(value, b.data[i]));
}

function call(name: string, { inputs, params }: Sample<unknown>): string {
  const shapes = inputs.map((input) =>
    "values" in input ? JSON.stringify(input.values) : formatShape(input.shape),
  );
  return `${name}(${[...shapes, ...(params === undefined ? [] : [JSON.stringify(params)])].join(", ")})`;
}
