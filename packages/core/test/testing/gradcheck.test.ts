import { describe, expect, test } from "vitest";
import { defineOp, ops, type Rule, type Tensor, tensor, variable } from "../../src/index.ts";
import { checkSample, gradcheck, gradgradcheck } from "../../src/testing/index.ts";

/** x² with a gradient rule to be put to the test. */
function squareWith(rule: Rule<[Tensor], void>) {
  return defineOp<[x: Tensor]>({
    name: "suspect",
    formula: "out = x²",
    shape: ([x]) => x,
    forward: ([x], out) => {
      for (let i = 0; i < out.length; i++) out[i] = x.data[i] * x.data[i];
    },
    vjp: [rule],
  });
}

describe("gradcheck", () => {
  test("accepts a right gradient", () => {
    gradcheck((x) => x.tanh(), [tensor([0.1, -2, 15])]);
    gradgradcheck((x, y) => x.mul(y).exp(), [tensor([0.1, -2]), tensor([1, 2])]);
  });

  test("names op, input, element, both values and the step of a wrong one", () => {
    const suspect = squareWith((g, { inputs: [x] }) => ops.mul(g, ops.mul(-2, x)));
    expect(() => gradcheck(suspect, [tensor([1, 2])], { name: "suspect" })).toThrow(
      /gradcheck\(element 0 of suspect\(\[2\]\)\): input 1, element 0 \(x = 1\): analytic -2, numeric (?:2|1\.9{9}|2\.0{9})\d*, step 0.00001, seed "gradcheck"/,
    );
  });

  test("U9: a failure shows slopes of f, which compare with the known derivative: here of 3x by the rule of x", () => {
    const suspect = (x: Tensor): Tensor => ops.add(x, ops.mul(2, x.detach()));
    expect(() => gradcheck(suspect, [tensor([5, 6])])).toThrow(
      /^gradcheck\(element 0 of suspect.*element 0 \(x = 5\): analytic 1, numeric (3\.00000000|2\.99999999)\d*/,
    );
    const onlyLast = (x: Tensor): Tensor => ops.where(tensor([0, 1]), ops.mul(3, x.detach()), ops.mul(3, x));
    expect(() => gradcheck(onlyLast, [tensor([5, 6])])).toThrow(
      /^gradcheck\(element 1 of onlyLast.*element 1 \(x = 6\): analytic 0/,
    );
  });

  test("U9: an error that only the sum of many elements shows keeps the random weights", () => {
    // Each of the 100 elements is off by 4e-9, less than the tolerance; their sum is off by 4e-7.
    const offset = squareWith((g, { inputs: [x] }) => ops.mul(g, ops.add(ops.mul(2, x), 4e-9)));
    const repeated = (x: Tensor): Tensor => offset(ops.broadcastTo(x, { shape: [100] }));
    expect(() => gradcheck(repeated, [tensor([0])], { tolerance: 5e-9 })).toThrow(
      /^gradcheck\(repeated.*analytic [34]\.\d*e-7, numeric 0,/,
    );
  });

  test("K13: what is no function, and a function that returns no tensor, are refused", () => {
    expect(() => gradcheck("tanh" as never, [tensor([1])])).toThrow(
      'gradcheck: needs a function, got "tanh"',
    );
    expect(() => gradcheck(((x: Tensor) => x.data[0] * 2) as never, [tensor([1])])).toThrow(
      /^gradcheck\(f\): must return a tensor, got 2|^gradcheck\(.*\): must return a tensor, got 2/,
    );
  });

  test("notices a gradient that is a ten-millionth off", () => {
    const suspect = squareWith((g, { inputs: [x] }) => ops.mul(g, ops.mul(2 * (1 + 1e-6), x)));
    expect(() => gradcheck(suspect, [tensor([1, 2])])).toThrow(/analytic/);
  });

  test("notices a missing gradient", () => {
    const suspect = (x: Tensor): Tensor => ops.add(ops.square(x.detach()), ops.mul(0, x));
    expect(() => gradcheck(suspect, [tensor([1, 2])])).toThrow(/analytic 0/);
  });

  test("says kink at a corner", () => {
    expect(() => gradcheck((x) => x.abs(), [tensor([0])])).not.toThrow(); // the subgradient 0 is the central difference
    expect(() => gradcheck((x) => x.relu(), [tensor([0])])).toThrow(
      /a kink: 0 from the left, .* from the right/,
    );
  });

  test("gradgradcheck notices a rule that is right itself but cannot be differentiated", () => {
    const suspect = squareWith((g, { inputs: [x] }) => ops.mul(g, ops.mul(2, x.detach())));
    gradcheck(suspect, [tensor([1, 2])]);
    expect(() => gradgradcheck(suspect, [tensor([1, 2])])).toThrow(/gradient of/);
  });

  test.each([gradcheck, gradgradcheck])("%o refuses options that are not as described", (check) => {
    const run = (options: unknown) => () => check((x) => x.tanh(), [tensor([1])], options as object);
    expect(run({ step: 0 })).toThrow(`${check.name}: step must be a finite number > 0, got 0`);
    expect(run({ tolerance: -1 })).toThrow(`${check.name}: tolerance must be a finite number ≥ 0, got -1`);
    expect(run({ seed: 1 })).toThrow(`${check.name}: seed must be a string, got 1`);
    expect(run({ constants: 0 })).toThrow(`${check.name}: constants must be an array of whole numbers ≥ 0`);
    expect(run({ name: null })).toThrow(`${check.name}: name must be a string, got null`);
  });
});

describe("checkSample", () => {
  test("refuses an op whose second run differs from its first", () => {
    let calls = 0;
    const drifting = defineOp<[x: Tensor]>({
      name: "drifting",
      formula: "out = x + calls",
      shape: ([x]) => x,
      forward: ([x], out) => out.set(x.data.map((value) => value + calls++)),
      vjp: [(g) => g],
    });
    expect(() => checkSample(drifting, { inputs: [{ shape: [2] }] }, "seed")).toThrow(
      /a second run gave other numbers/,
    );
  });

  test("checks ops of the registry, here softplus far out", () => {
    checkSample(ops.softplus, { inputs: [{ shape: [3], low: -30, high: 30 }] }, "seed");
    expect(variable(tensor(1)).tracked).toBe(true);
  });
});
