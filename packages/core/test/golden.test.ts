import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { backward, ops, Tensor, tensor, variable } from "../src/index.ts";

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

type AnyOp = ((...args: unknown[]) => Tensor | readonly Tensor[]) & {
  readonly spec: { readonly list?: true; readonly vjp?: readonly unknown[] };
};

const registry = ops as unknown as Readonly<Record<string, AnyOp>>;
const folder = new URL("./fixtures/ops/", import.meta.url);
const families = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file): Family => {
    return { name: file.slice(0, -5), ...JSON.parse(readFileSync(new URL(file, folder), "utf8")) };
  });

for (const { name, tolerance, cases } of families) {
  describe(`golden values and gradients: ${name}`, () => {
    for (const op of new Set(cases.map((golden) => golden.op))) {
      test(`${op} agrees with the reference`, () => {
        expect(op in registry, `${op} is not in the registry`).toBe(true);
        const complaints = cases.flatMap((golden, index) =>
          golden.op === op ? check(golden, index, golden.tolerance ?? tolerance) : [],
        );
        if (complaints.length > 0) throw new Error(`\n${complaints.join("\n")}`);
      });
    }
  });
}

test("every differentiable op of the registry has at least six golden cases", () => {
  const counts = new Map<string, number>();
  for (const { op } of families.flatMap(({ cases }) => cases)) counts.set(op, (counts.get(op) ?? 0) + 1);
  const missing = Object.entries(registry)
    .filter(
      ([name, { spec }]) => (spec.vjp?.some((rule) => rule !== null) ?? true) && (counts.get(name) ?? 0) < 6,
    )
    .map(([name]) => `${name} (${counts.get(name) ?? 0})`);
  expect(missing, advice(missing)).toEqual([]);
});

/** What to do about ops without golden cases. */
function advice(missing: readonly string[]): string {
  const [op = ""] = missing.map((text) => text.split(" ")[0]);
  return (
    `ops with fewer than six golden cases: ${missing.join(", ")}. Add them to packages/core/test/fixtures/ops/generate.py ` +
    "(its first comment lists the requirements) and run it. Without Python: write the cases of the op into a file of " +
    `its own, packages/core/test/fixtures/ops/${op}.json, in the fields that the comment describes, with numbers from any ` +
    "program that is not gradus"
  );
}

test("U10: an op without golden cases is told where they come from, with Python and without", () => {
  const text = advice(["softshrink (0)", "other (2)"]);
  expect(text).toMatch(/^ops with fewer than six golden cases: softshrink \(0\), other \(2\)\. /);
  expect(text).toContain("fixtures/ops/generate.py");
  expect(text).toMatch(/Without Python: .*fixtures\/ops\/softshrink\.json/);
});

/** What is wrong with one case: nothing, or a line per result that differs. */
function check(golden: Case, index: number, tolerance: Tolerance): string[] {
  const { op, inputs, params, grads, note } = golden;
  const title = `${op} case ${index}${note === undefined ? "" : ` (${note})`}, ${describeCall(golden)}`;
  try {
    const tensors = inputs.map((x, i) => (grads[i] === null ? load(x) : variable(load(x))));
    const out = call(op, tensors, params);
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

function call(op: string, inputs: readonly Tensor[], params: Case["params"]): readonly Tensor[] {
  const run = registry[op];
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
