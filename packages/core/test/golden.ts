import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { backward, Tensor, tensor, variable } from "../src/index.ts";

// Values and gradients from another engine (fixtures/ops/generate.py says which, and what the fields mean).

type Value = number | "NaN" | "Infinity" | "-Infinity";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly Value[];
}

interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

interface Case {
  readonly op: string;
  readonly inputs: readonly Stored[];
  readonly params?: Readonly<Record<string, unknown>>;
  readonly out: Stored | readonly Stored[];
  readonly cotangent: Stored | readonly Stored[];
  /** One per input; null = not compared. */
  readonly grads: readonly (Stored | null)[];
  readonly note?: string;
  readonly tolerance?: Tolerance;
  readonly signedZero?: boolean;
}

interface Family {
  readonly name: string;
  readonly tolerance: Tolerance;
  readonly cases: readonly Case[];
}

/** An op of any inputs and params. */
export type AnyOp = ((...args: unknown[]) => Tensor | readonly Tensor[]) & {
  readonly spec: { readonly list?: true; readonly vjp?: readonly unknown[] };
};

type Registry = Readonly<Record<string, AnyOp>>;

/** Tests the ops of a registry on all fixtures of a folder; returns the number of cases of each op. */
export function describeGolden(ops: object, folder: URL): ReadonlyMap<string, number> {
  const registry = ops as Registry;
  const families = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file): Family => {
      return { name: file.slice(0, -5), ...JSON.parse(readFileSync(new URL(file, folder), "utf8")) };
    });
  const counts = new Map<string, number>();
  for (const { name, tolerance, cases } of families) {
    for (const { op } of cases) counts.set(op, (counts.get(op) ?? 0) + 1);
    describe(`golden values and gradients: ${name}`, () => {
      for (const op of new Set(cases.map((golden) => golden.op))) {
        test(`${op} agrees with the reference`, () => {
          expect(op in registry, `${op} is not in the registry`).toBe(true);
          const complaints = cases.flatMap((golden, index) =>
            golden.op === op ? check(registry[op], golden, index, golden.tolerance ?? tolerance) : [],
          );
          if (complaints.length > 0) throw new Error(`\n${complaints.join("\n")}`);
        });
      }
    });
  }
  return counts;
}

/** What is wrong with one case: nothing, or a line per result that differs. */
function check(run: AnyOp, golden: Case, index: number, tolerance: Tolerance): string[] {
  const { op, inputs, params, grads, note } = golden;
  const title = `${op} case ${index}${note === undefined ? "" : ` (${note})`}, ${describeCall(golden)}`;
  try {
    const tensors = inputs.map((x, i) => (grads[i] === null ? load(x) : variable(load(x))));
    const out = call(run, tensors, params);
    const expected = listOf(golden.out);
    const cotangents = listOf(golden.cotangent);
    const complaints: (string | null)[] = [];
    if (out.length !== expected.length) {
      return [`${title}: ${out.length} results instead of ${expected.length}`];
    }
    out.forEach((y, i) => {
      complaints.push(
        compare(expected.length === 1 ? "value" : `value ${i}`, y, expected[i], tolerance, golden.signedZero),
      );
    });
    const actual = gradientsOf(out, cotangents.map(load), tensors);
    grads.forEach((grad, i) => {
      if (grad !== null) complaints.push(compare(`gradient of input ${i}`, actual[i], grad, tolerance));
    });
    return complaints.filter((complaint) => complaint !== null).map((complaint) => `${title}: ${complaint}`);
  } catch (error) {
    return [`${title}: threw ${error}`];
  }
}

function call(run: AnyOp, inputs: readonly Tensor[], params: Case["params"]): readonly Tensor[] {
  const rest = params === undefined ? [] : [decodeParams(params)];
  const out = run.spec.list ? run(inputs, ...rest) : run(...inputs, ...rest);
  return out instanceof Tensor ? [out] : out;
}

/** The gradient of each input, summed over all results; an input that none depends on has gradient 0. */
function gradientsOf(
  out: readonly Tensor[],
  cotangents: readonly Tensor[],
  inputs: readonly Tensor[],
): readonly Tensor[] {
  const sums = inputs.map((x) => new Float64Array(x.size));
  const shapes = inputs.map((x) => x.shape);
  out.forEach((y, k) => {
    if (!y.tracked) return;
    const gradients = backward(y, { cotangent: cotangents[k] });
    inputs.forEach((x, i) => {
      const gradient = gradients.get(x);
      if (gradient === undefined) return;
      shapes[i] = gradient.shape;
      for (let j = 0; j < x.size; j++) sums[i][j] += gradient.data[j];
    });
  });
  return sums.map((sum, i) => tensor(sum, shapes[i]));
}

/** The worst disagreement, or null: |actual − expected| ≤ atol + rtol·|expected|, and non-finite values equal. */
function compare(
  what: string,
  actual: Tensor,
  expected: Stored,
  { rtol, atol }: Tolerance,
  signedZero = false,
): string | null {
  if (actual.shape.join() !== expected.shape.join()) {
    return `${what}: shape [${actual.shape}] instead of [${expected.shape}]`;
  }
  let worst = 1;
  let complaint: string | null = null;
  expected.data.map(Number).forEach((e, i) => {
    const a = actual.data[i];
    if (Object.is(a, e) || (a === e && !signedZero)) return;
    const excess = a === e ? Infinity : Math.abs(a - e) / (atol + rtol * Math.abs(e));
    if (excess <= worst) return; // NaN goes on
    worst = Number.isNaN(excess) ? Infinity : excess;
    const show = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
    complaint = `${what}, element ${i}: ${show(a)} instead of ${show(e)} (${worst.toPrecision(3)} times the tolerance)`;
  });
  return complaint;
}

function load({ shape, data }: Stored): Tensor {
  return tensor(Float64Array.from(data, Number), shape);
}

function listOf(stored: Stored | readonly Stored[]): readonly Stored[] {
  return Array.isArray(stored) ? stored : [stored as Stored];
}

/** JSON has no Infinity: the fixtures write it as a string. */
function decodeParams(params: NonNullable<Case["params"]>): Record<string, unknown> {
  const decoded = Object.entries(params).map(([key, value]) => [
    key,
    value === "Infinity" ? Infinity : value,
  ]);
  return Object.fromEntries(decoded);
}

function describeCall({ inputs, params }: Case): string {
  const shapes = inputs.map(({ shape }) => `[${shape}]`).join(", ");
  return `(${shapes}${params === undefined ? "" : `, ${JSON.stringify(params)}`})`;
}
