import { GradusError, ones, show, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { layerOps } from "../../src/index.ts";
import { samples } from "../samples/index.ts";

type AnyCall = ((...args: unknown[]) => unknown) & {
  readonly spec: {
    readonly vjp?: readonly unknown[];
    readonly arity?: number;
    readonly defaults?: object;
    readonly required?: readonly string[];
    readonly ranges?: object;
  };
};

/** Values that no param takes, and those that are out of the range of some. */
const WRONG: readonly unknown[] = [
  ...[
    null,
    "abc",
    "1",
    "",
    true,
    [1n],
    ["0"],
    [[1]],
    { length: 1 },
    1n,
    () => 1,
    Number.NaN,
    Infinity,
    -Infinity,
  ],
  ...[
    new Date(0),
    new Map(),
    ones([1]),
    [Number.NaN],
    [0, 0],
    [0, -1],
    [1],
    [0, 1, 2],
    [0, Infinity],
    [1.5],
    [-1],
  ],
];

type Entry = {
  readonly samples: readonly {
    readonly inputs: readonly { readonly shape?: readonly number[]; readonly values?: unknown }[];
    readonly params?: Readonly<Record<string, unknown>>;
  }[];
};

/** The inputs and params of a sample of an op: the first with params. */
function callOf(name: string): { inputs: Tensor[]; params: Readonly<Record<string, unknown>> } {
  const entries = (samples as unknown as Record<string, Entry>)[name].samples;
  const sample = entries.find(({ params }) => params !== undefined) ?? entries[0];
  const inputs = sample.inputs.map(({ shape, values }) => (shape ? ones(shape) : tensor(values as number)));
  return { inputs, params: sample.params ?? {} };
}

/** Beside {@link WRONG}: numbers that are out of range. */
const OUT: Readonly<Record<string, readonly unknown[]>> = {
  p: [-0.1, 1.1],
  probability: [-0.1, 1.1],
  low: [1e9],
  high: [-1e9],
  lower: [1e9],
  upper: [-1e9],
};

/** Values of {@link WRONG} that are right for a param. */
const RIGHT: Readonly<Record<string, readonly string[]>> = {
  shape: ["[1]", "[0,0]", "[0,1,2]"],
  mask: ["Tensor"],
  causal: ["true"],
  countIncludePad: ["true"],
  padding: ["[0,0]"],
  outputPadding: ["[0,0]"],
};

const ops = Object.entries(layerOps) as unknown as readonly (readonly [string, AnyCall])[];
const paramsOf = ({ spec }: AnyCall): string[] => [
  ...(spec.required ?? []),
  ...Object.keys(spec.defaults ?? {}),
];
const withParams = ops.filter(([, op]) => paramsOf(op).length > 0);

describe("R8: every param of every op of this package is checked by type and range", () => {
  test("R8: ops with params are found", () => {
    expect(withParams.length).toBeGreaterThan(5);
  });

  test.each(withParams)("R8: %s declares what each param may be", (_, op) => {
    expect(Object.keys(op.spec.ranges ?? {}).sort()).toEqual(paramsOf(op).sort());
  });

  test.each(withParams)("R8: %s refuses wrong types and ranges, naming op, param and value", (name, op) => {
    const { inputs, params } = callOf(name);
    expect(() => op(...inputs, params)).not.toThrow();
    for (const param of paramsOf(op)) {
      const right = RIGHT[param] ?? [];
      const wrong = [...WRONG, ...(OUT[param] ?? [])].filter((value) => !right.includes(show(value)));
      for (const value of wrong) {
        const described = `${name}({ ${param}: ${show(value)} })`;
        let error: unknown;
        try {
          op(...inputs, { ...params, [param]: value });
        } catch (thrown) {
          error = thrown;
        }
        expect(error, described).toBeInstanceOf(GradusError);
        const { message } = error as Error;
        expect(message, described).toMatch(new RegExp(`^${name}\\b.*\\b(${param}|size .* at axis)\\b`));
        expect(message, described).toMatch(/got |is not a whole number/);
      }
    }
  });

  test.each(withParams)("R8: %s refuses params that are missing or unknown", (name, op) => {
    const { inputs, params } = callOf(name);
    for (const param of op.spec.required ?? []) {
      const { [param]: _, ...others } = params;
      expect(() => op(...inputs, others)).toThrow(`${name}: param "${param}" is missing`);
    }
    expect(() => op(...inputs, { ...params, nobody: 1 })).toThrow(`${name}: unknown param "nobody"`);
    if (op.spec.required) expect(() => op(...inputs, undefined)).toThrow(`${name}: needs a params object`);
  });
});
