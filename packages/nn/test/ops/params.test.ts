import { createRng, GradusError, ones, show } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { layerOps } from "../../src/index.ts";

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

/** Right params of every op. */
const rng = createRng("params");
const PARAMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  alphaDropout: { p: 0.5, rng, fixedPoint: [0, 1] },
  bernoulliMask: { shape: [2], probability: 0.5, rng },
  dropout: { p: 0.5, rng },
  featureAlphaDropout: { p: 0.5, rng, fixedPoint: [0, 1] },
  rrelu: { rng, lower: 0.1, upper: 0.3 },
  uniformNoise: { shape: [2], low: 0, high: 1, rng },
};

/** Beside {@link WRONG}: numbers that are out of range. */
const OUT: Readonly<Record<string, readonly unknown[]>> = {
  p: [-0.1, 1.1],
  probability: [-0.1, 1.1],
  low: [2],
  high: [-1],
  lower: [0.5],
  upper: [0],
};

/** Values of {@link WRONG} that are right for a param. */
const RIGHT: Readonly<Record<string, readonly string[]>> = { shape: ["[1]", "[0,0]", "[0,1,2]"] };

const ops = Object.entries(layerOps) as unknown as readonly (readonly [string, AnyCall])[];
const paramsOf = ({ spec }: AnyCall): string[] => [
  ...(spec.required ?? []),
  ...Object.keys(spec.defaults ?? {}),
];
const withParams = ops.filter(([, op]) => paramsOf(op).length > 0);

describe("R8: every param of every op of this package is checked by type and range", () => {
  test("R8: every op with params has right ones here", () => {
    expect(withParams.map(([name]) => name).sort()).toEqual(Object.keys(PARAMS).sort());
    for (const [name, op] of withParams)
      expect(Object.keys(PARAMS[name]).sort()).toEqual(paramsOf(op).sort());
  });

  test.each(withParams)("R8: %s declares what each param may be", (_, op) => {
    expect(Object.keys(op.spec.ranges ?? {}).sort()).toEqual(paramsOf(op).sort());
  });

  test.each(withParams)("R8: %s refuses wrong types and ranges, naming op, param and value", (name, op) => {
    const inputs = Array.from({ length: op.spec.arity ?? op.spec.vjp?.length ?? 0 }, () => ones([2, 3]));
    expect(() => op(...inputs, PARAMS[name])).not.toThrow();
    for (const param of paramsOf(op)) {
      const right = RIGHT[param] ?? [];
      const wrong = [...WRONG, ...(OUT[param] ?? [])].filter((value) => !right.includes(show(value)));
      for (const value of wrong) {
        const described = `${name}({ ${param}: ${show(value)} })`;
        let error: unknown;
        try {
          op(...inputs, { ...PARAMS[name], [param]: value });
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
    const inputs = Array.from({ length: op.spec.arity ?? op.spec.vjp?.length ?? 0 }, () => ones([2, 3]));
    for (const param of op.spec.required ?? []) {
      const { [param]: _, ...others } = PARAMS[name];
      expect(() => op(...inputs, others)).toThrow(`${name}: param "${param}" is missing`);
    }
    expect(() => op(...inputs, { ...PARAMS[name], nobody: 1 })).toThrow(`${name}: unknown param "nobody"`);
    expect(() => op(...inputs, undefined)).toThrow(`${name}: needs a params object`);
  });
});
