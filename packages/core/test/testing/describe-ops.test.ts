import { describe, expect, test } from "vitest";
import { ArgumentError, defineOp, mul, type Op, ops, type Rule, type Tensor } from "../../src/index.ts";
import {
  describeOps,
  type OpSamples,
  sample,
  type TestRunner,
  unarySamples,
} from "../../src/testing/index.ts";

/** A runner that runs every test at once and notes its name with what it threw. */
function noting(): TestRunner & { readonly results: Map<string, unknown> } {
  const results = new Map<string, unknown>();
  return {
    results,
    describe: (_, body) => body(),
    test: (name, body) => {
      try {
        body();
        results.set(name, "passed");
      } catch (error) {
        results.set(name, error);
      }
    },
  };
}

interface ScaleParams {
  readonly by: number;
}

function scaleWith(rule: Rule<readonly [Tensor], ScaleParams>): Op<[x: Tensor], ScaleParams> {
  return defineOp<[x: Tensor], ScaleParams>({
    name: "scale",
    formula: "out = by·x",
    shape: ([x], { by }) => {
      if (!Number.isFinite(by)) throw new ArgumentError(`by must be finite, got ${by}`);
      return x;
    },
    forward: ([x], out, _, { by }) => {
      for (let i = 0; i < out.length; i++) out[i] = by * x.data[i];
    },
    vjp: [rule],
    required: ["by"],
  });
}

const scale = scaleWith((g, { params: { by } }) => mul(g, by));
const samples: OpSamples<ScaleParams> = {
  samples: unarySamples({}, { by: 3 }),
  errors: [{ ...sample([[2]], { by: Number.NaN }), message: /by must be finite, got NaN/ }],
};

describe("describeOps", () => {
  test("makes one test for the declaration, one for each sample and one for each call to be refused", () => {
    const runner = noting();
    describeOps({ scale }, { scale: samples }, runner);
    expect([...runner.results.keys()]).toEqual([
      "has its own name and at least five samples",
      ...["[]", "[1]", "[3]", "[2,3]", "[1,4]", "[2,1,3]", "[0]", "[2,0]"].map(
        (shape) => `scale(${shape}, {"by":3}) passes the checks of first and second order`,
      ),
      'scale([2], {"by":null}) is refused',
    ]);
    expect(new Set(runner.results.values())).toEqual(new Set(["passed"]));
  });

  test("fails on each sample that has elements if the rule is wrong", () => {
    const runner = noting();
    describeOps({ scale: scaleWith((g) => g) }, { scale: samples }, runner);
    const failed = [...runner.results].filter(([, result]) => result !== "passed").map(([name]) => name);
    expect(failed).toHaveLength(6);
    expect(failed.join()).not.toMatch(/\[0\]|\[2,0\]|refused/);
  });

  test("fails if a call that must be refused is not, or has another message", () => {
    const runner = noting();
    const errors = [
      { ...sample([[2]], { by: 1 }), message: /finite/ },
      { ...sample([[3]], { by: Number.NaN }), message: /positive/ },
    ];
    describeOps({ scale }, { scale: { ...samples, errors } }, runner);
    const [accepted, other] = [...runner.results.values()].slice(-2);
    expect(String(accepted)).toMatch("scale accepted what it must refuse with /finite/");
    expect(String(other)).toMatch("scale([3]): by must be finite, got NaN");
  });

  test("refuses an op without samples, with too few, or under another name", () => {
    const first = (run: (runner: TestRunner) => void): string => {
      const runner = noting();
      run(runner);
      return String([...runner.results.values()][0]);
    };
    // @ts-expect-error: TypeScript refuses it too
    expect(first((runner) => describeOps({ scale }, {}, runner))).toMatch(
      "scale has 0 samples; 5 are needed",
    );
    const four = { ...samples, samples: samples.samples.slice(0, 4) };
    expect(first((runner) => describeOps({ scale }, { scale: four }, runner))).toMatch("scale has 4 samples");
    const renamed = { times: samples };
    expect(first((runner) => describeOps({ times: scale }, renamed, runner))).toMatch(
      "times is declared as scale",
    );
  });

  test("does not compile with params that the op does not take", () => {
    const runner: TestRunner = { describe: () => {}, test: () => {} };
    const entry = <P>(params: P) => ({ samples: [sample([[2]], params)], errors: [] });
    describeOps({ scale }, { scale: entry({ by: 2 }) }, runner);
    // @ts-expect-error: it is called `by`
    describeOps({ scale }, { scale: entry({ factor: 2 }) }, runner);
    // @ts-expect-error: abs takes no params
    describeOps({ abs: ops.abs }, { abs: entry({ by: 2 }) }, runner);
    // @ts-expect-error: an axis is a number
    describeOps({ concat: ops.concat }, { concat: entry({ axis: "first" }) }, runner);
  });
});
