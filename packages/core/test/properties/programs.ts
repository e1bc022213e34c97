import fc from "fast-check";
import {
  add,
  concat,
  createRng,
  flatten,
  GradusError,
  indexSelect,
  mul,
  ops,
  reshape,
  type Shape,
  sigmoid,
  sizeOf,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import type { AnyOp, Domain, OpSamples, SampleInput } from "../../src/testing/index.ts";
import { samples } from "../samples/index.ts";

/**
 * Random programs: each step is an op of the registry applied to inputs and to results of earlier steps, so results are
 * used once, several times, or not at all. Shapes, params and where an op is at ease come from the op's
 * samples; so an op that is added to the registry takes part by itself.
 */
export interface Program {
  readonly seed: number;
  readonly inputs: readonly Shape[];
  readonly steps: readonly Step[];
  /** Whether each op is kept to the numbers its samples are drawn from. If not, the inputs may be anything. */
  readonly tame: boolean;
}

interface Step {
  readonly op: string;
  /** Which sample; counted modulo their number, as are the picks. */
  readonly sample: number;
  /** What stands for the inputs of the op: the inputs of the program and the results so far are numbered through. */
  readonly picks: readonly number[];
  /** Whether to take these in their own shapes if the op can; otherwise they get those of the sample. */
  readonly direct: boolean;
}

const registry: Readonly<Record<string, AnyOp>> = ops;
const samplesOf: Readonly<Record<string, OpSamples<unknown>>> = samples;

export function programs(tame: boolean): fc.Arbitrary<Program> {
  return fc.record({
    seed: fc.nat(),
    inputs: fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    }),
    steps: fc.array(
      fc.record({
        op: fc.constantFrom(...Object.keys(registry)),
        sample: fc.nat(1000),
        picks: fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 }),
        direct: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    tame: fc.constant(tame),
  });
}

const SPECIAL = [Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, 1e308, -708.5, 709.5];

/** The inputs of a program: uniform in [−2, 2), and in an untamed one special values among them. */
export function inputsOf({ seed, inputs, tame }: Program): Tensor[] {
  const rng = createRng(seed);
  return inputs.map((shape) => {
    const x = rng.uniform(shape, { low: -2, high: 2 });
    if (tame) return x;
    return x.assign(
      x.data.map((value) => (rng.integer(8) === 0 ? SPECIAL[rng.integer(SPECIAL.length)] : value)),
    );
  });
}

/** A program made ready: a function of its inputs whose result holds all results that no step uses, laid end to end. */
export type Ready = (...inputs: Tensor[]) => Tensor;

type Instruction = (known: readonly Tensor[]) => Tensor;

/** Decides, by running it on its inputs, which steps are possible; those that are not are left out. */
export function makeReady(program: Program): Ready {
  const known = inputsOf(program);
  const unused = new Set(known.keys());
  const instructions: Instruction[] = [];
  for (const step of program.steps) {
    const picks = step.picks.map((pick) => pick % known.length);
    for (const direct of step.direct ? [true, false] : [false]) {
      const made = instruct(step, picks, known, { direct, tame: program.tame });
      if (made === null) continue;
      for (const pick of made.used) unused.delete(pick);
      unused.add(known.length);
      known.push(made.result);
      instructions.push(made.instruction);
      break;
    }
  }
  return (...inputs) => {
    const all = [...inputs];
    for (const instruction of instructions) all.push(instruction(all));
    return concat([...unused].map((i) => flatten(all[i])));
  };
}

/** More numbers than this are of no use in a test. */
const MOST = 1000;

interface Made {
  readonly instruction: Instruction;
  readonly result: Tensor;
  readonly used: readonly number[];
}

/** A step as an instruction, with its result; null if the op refuses these inputs. */
function instruct(
  step: Step,
  picks: readonly number[],
  known: readonly Tensor[],
  { direct, tame }: { direct: boolean; tame: boolean },
): Made | null {
  const op = registry[step.op];
  const choices = samplesOf[step.op].samples;
  const sample = choices[step.sample % choices.length];
  const used: number[] = [];
  const makers: Instruction[] = [];
  for (const [i, input] of sample.inputs.entries()) {
    if ("values" in input) {
      const constant = tensor(input.values);
      makers.push(() => constant);
      continue;
    }
    const pick = picks[i % picks.length];
    const maker = argument(known[pick], input, { direct, tame });
    if (maker === null) return null;
    used.push(pick);
    makers.push((all) => maker(all[pick]));
  }
  const instruction: Instruction = (all) =>
    call(
      op,
      makers.map((make) => make(all)),
      sample.params,
    );
  try {
    const result = instruction(known);
    return result.size > MOST ? null : { instruction, result, used };
  } catch (error) {
    if (error instanceof GradusError) return null;
    throw error; // no op may throw anything else
  }
}

/** How a tensor becomes an argument: given the shape of the sample, and brought to where the op is at ease. */
function argument(
  x: Tensor,
  input: Exclude<SampleInput, { values: unknown }>,
  { direct, tame }: { direct: boolean; tame: boolean },
): ((x: Tensor) => Tensor) | null {
  if (!direct && x.size === 0 && sizeOf(input.shape) > 0) return null;
  const shaped = (y: Tensor): Tensor => (direct ? y : fit(y, input.shape));
  if (!tame) return shaped;
  const { low = -2, high = 2, avoid = [] }: Domain = input;
  const inside = shaped(x).data.every((value) => value >= low && value <= high);
  const tamed = (y: Tensor): Tensor => (inside ? shaped(y) : add(low, mul(high - low, sigmoid(shaped(y)))));
  const near = tamed(x).data.some((value) => avoid.some((point) => Math.abs(value - point) < 0.02));
  return near ? null : tamed;
}

/** The numbers of x in a shape, from the start again if they do not suffice. */
function fit(x: Tensor, shape: Shape): Tensor {
  const size = sizeOf(shape);
  const indices = tensor(
    Float64Array.from({ length: size }, (_, i) => i % x.size),
    [size],
  );
  return reshape(indexSelect(flatten(x), indices, { axis: 0 }), { shape });
}

/** Several results are laid end to end. */
function call(op: AnyOp, inputs: readonly Tensor[], params: unknown): Tensor {
  const anyOp = op as unknown as (...args: unknown[]) => Tensor | Tensor[];
  const rest = params === undefined ? [] : [params];
  const out = "list" in op.spec ? anyOp(inputs, ...rest) : anyOp(...inputs, ...rest);
  return Array.isArray(out) ? concat(out.map((part) => flatten(part))) : out;
}
