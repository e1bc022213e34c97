import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  clamp,
  full,
  GradusError,
  ops,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "../src/index.ts";
import { samples } from "./samples/index.ts";

/** Values of a wrong type for most params. */
const WRONG: readonly unknown[] = [
  null,
  "abc",
  "1",
  "",
  "no",
  true,
  [],
  [1n],
  ["0"],
  [[1]],
  { length: 1 },
  1n,
  Symbol("s"),
  () => 1,
  Number.NaN,
  new Date(0),
  new Map(),
  tensor(1),
];

/** What an op takes by its documentation although it stands in the list above. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  keepDims: [true],
  transposeX: [true],
  transposeY: [true],
  logTarget: [true],
  axes: [[]],
  shape: [[]],
  sizes: [[]],
  widths: [[]],
  value: [Number.NaN],
  ignoreIndex: [Number.NaN],
  classWeights: [[]],
  positiveWeight: [[]],
};

type AnyCall = (...args: unknown[]) => unknown;
type Entry = {
  samples: readonly { inputs: readonly { shape?: readonly number[]; values?: unknown }[]; params?: object }[];
};

const withParams = Object.entries(ops).flatMap(([name, op]) => {
  const { defaults = {}, required = [] } = op.spec as { defaults?: object; required?: readonly string[] };
  const params = [...required, ...Object.keys(defaults)];
  return params.length > 0 ? [{ name, op: op as unknown as AnyCall, params }] : [];
});

/** The op on the inputs of one of its samples, with one param changed. */
function call(name: string, op: AnyCall, param: string, value: unknown): unknown {
  const entries = (samples as unknown as Record<string, Entry>)[name].samples;
  const sample = entries.find(({ params }) => params !== undefined) ?? entries[0];
  const inputs = sample.inputs.map(({ shape, values }) =>
    shape ? zeros(shape).add(0.5) : tensor(values as number),
  );
  const args = "list" in (op as unknown as { spec: object }).spec ? [inputs] : inputs;
  return op(...args, { ...sample.params, [param]: value });
}

describe("R8: every param of every op is checked by type", () => {
  test("R8: ops with params are found", () => {
    expect(withParams.length).toBeGreaterThan(40);
  });

  test.each(withParams)("R8: $name declares what each param may be", ({ op, params }) => {
    const { ranges } = (op as unknown as { spec: { ranges: object } }).spec;
    expect(Object.keys(ranges).sort()).toEqual([...params].sort());
  });

  test.each(withParams)(
    "R8: $name refuses wrong types, naming op, param and value",
    ({ name, op, params }) => {
      for (const param of params) {
        const wrong = WRONG.filter((value) => !(RIGHT[param] ?? []).some((right) => sameValue(right, value)));
        for (const value of wrong) {
          const described = `${name}({ ${param}: ${typeof value === "symbol" ? "symbol" : JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v))} })`;
          let error: unknown;
          try {
            call(name, op, param, value);
          } catch (thrown) {
            error = thrown;
          }
          expect(error, described).toBeInstanceOf(GradusError);
          expect((error as Error).message, described).toMatch(
            new RegExp(`^${name}\\b.*\\b${param}\\b|^${name}\\b.*needs low`),
          );
          expect((error as Error).message, described).toMatch(/got /);
        }
      }
    },
  );
});

function sameValue(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.length === 0 && b.length === 0 : Object.is(a, b);
}

describe("R8: params from JSON and from JavaScript", () => {
  const x = zeros([2, 3]);
  test.each<[() => unknown, string]>([
    [
      () => clamp(tensor([5, -5]), { low: -1, high: null as never }),
      "clamp: high must be a number, got null",
    ],
    [() => sum(x, { keepDims: "abc" as never }), 'sum: keepDims must be true or false, got "abc"'],
    [
      () => sum(x, { axes: null as never }),
      "sum: axes must be a whole number or an array of whole numbers, got null",
    ],
    [
      () => sum(x, { axes: 1n as never }),
      "sum: axes must be a whole number or an array of whole numbers, got 1n",
    ],
    [
      () => ops.matmul(x, x, { transposeX: "no" as never }),
      'matmul: transposeX must be true or false, got "no"',
    ],
    [() => ops.norm(x, { order: "1" as never }), 'norm: order must be a number, got "1"'],
    [() => full([2], null as never), "full: value must be a number, got null"],
    [() => full([2], "1" as never), 'full: value must be a number, got "1"'],
    [() => full([2], 1n as never), "full: value must be a number, got 1n"],
    [() => full([2], undefined as never), "full: value must be a number, got undefined"],
    [
      () => sum(x, { constructor: 1 } as never),
      'sum: unknown param "constructor"; it takes { axes, keepDims }',
    ],
    [
      () => sum(x, { [Symbol("axes")]: 0 } as never),
      "sum: unknown param Symbol(axes); it takes { axes, keepDims }",
    ],
    [() => sum(x, Object.create({ axis: 0 })), 'sum: unknown param "axis"; did you mean "axes"?'],
    [() => sum(x, Object.create({ keepDims: 1 })), "sum: keepDims must be true or false, got 1"],
  ])("R8: %s", (run, message) => {
    expect(run).toThrow(message);
    expect(run).toThrow(ArgumentError);
  });

  test("R8: a getter is read once, and what it gave is what is used", () => {
    let reads = 0;
    const params = {
      get axes(): number {
        return reads++ === 0 ? 0 : (null as never);
      },
    };
    expect(sum(x, params).shape).toEqual([3]);
    expect(reads).toBe(1);
  });

  test("R8: right params count as before: inherited, frozen, undefined, without a prototype", () => {
    const shapes = [
      { axes: 0 },
      Object.freeze({ axes: [0] }),
      Object.create({ axes: 0 }),
      Object.assign(Object.create(null), { axes: -2 }),
      { axes: 0, keepDims: undefined },
    ].map((params) => sum(x, params as never).shape);
    expect(shapes).toEqual([[3], [3], [3], [3], [3]]);
  });

  test("R8: the result of a refused op is not made, and the tensor is as before", () => {
    const y: Tensor = tensor([5, -5]);
    expect(() => y.clamp({ high: [] as never })).toThrow("clamp: high must be a number, got []");
    expect(y.toArray()).toEqual([5, -5]);
  });
});
