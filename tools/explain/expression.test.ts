import { rowsOf } from "@gradus/core/watch";
import { describe, expect, test } from "vitest";
import { explainExpression } from "./expression.ts";
import { traceText } from "./internals.ts";
import { noteOf } from "./notes.ts";
import { stepText } from "./step.ts";

/** micrograd's README: https://github.com/karpathy/micrograd, in its letters. */
const MICROGRAD = `
let c = a + b;
let d = a * b + b ** 3;
c += c + 1;
c += 1 + c + (-a);
d += d * 2 + (b + a).relu();
d += 3 * d + (b - a).relu();
const e = c - d;
const f = e ** 2;
let g = f / 2.0;
g += 10.0 / f;
g`;

function mistake(text: string, ...given: string[]): string {
  try {
    explainExpression(text, given);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${text} was accepted`);
}

test("micrograd's README prints 24.7041, 138.8338 and 645.5773", () => {
  const { trace, verdict } = explainExpression(MICROGRAD, ["a=-4", "b=2"]);
  const text = traceText(trace, { columns: 100, given: false, note: noteOf });
  const last = (pattern: RegExp): string =>
    text
      .split("\n")
      .filter((line) => pattern.test(line))
      .at(-1) ?? "";
  expect(last(/^ *\d+ +g′ = /)).toContain("24.7041");
  expect(last(/^ *\d+ +a ←/)).toContain("= 138.8338");
  expect(last(/^ *\d+ +b ←/)).toContain("= 645.5773");
  expect(verdict).toEqual(["✓ agrees with central differences"]);
  const methods =
    "const c = a.add(b); const d = a.mul(b).add(b.pow(3)); const c2 = c.add(c).add(1); const c3 = c2.add(add(1, c2).add(a.neg())); " +
    "const d2 = d.add(d.mul(2).add(b.add(a).relu())); const d3 = d2.add(mul(3, d2).add(b.sub(a).relu())); " +
    "const f = c3.sub(d3).square(); f.div(2).add(div(10, f))";
  const written = traceText(explainExpression(methods, ["a=-4", "b=2"]).trace);
  for (const number of ["24.7041", "138.8338", "645.5773"]) expect(written).toContain(number);
});

// The numbers by Python: tanh(2), tanh(4), tanh(6) and 1 − tanh² of these, times y and 2.
test("an expression is shown forward and backward, with its rules and their lines", () => {
  const { trace, verdict } = explainExpression("x.mul(y).tanh().sum()", ["x=2", "y=[1,2,3]"]);
  const text = traceText(trace, { columns: 140, given: false, note: noteOf }).replace(/:\d+$/gm, ":LINE");
  expect(`\n${text}\n`).toBe(`
forward                                                                               value
1  a = mul(x, y)      out = x·y                                                       2 4 6
2  b = tanh(a)        out = (eˣ − e^(−x))/(eˣ + e^(−x))                               0.96403 0.99933 0.99999
3  c = sum(b)         out = Σ x                                                       2.9633
backward                                                                              gradient
4  b ← sum, input 1   broadcastTo(keepReduced(g, x, params), { shape: x })            1 1 1                           reduce.ts:LINE
5  a ← tanh, input 1  chain(g, mul(4, mul(sigmoid(mul(2, x)), sigmoid(mul(-2, x)))))  0.070651 0.0013410 0.000024577  saturating.ts:LINE
6  x ← mul, input 1   chain(g, y)                                                     0.073406                        arithmetic.ts:LINE
7  y ← mul, input 2   chain(g, x)                                                     0.14130 0.0026819 0.000049153   arithmetic.ts:LINE
`);
  expect(verdict).toEqual(["✓ agrees with central differences"]);
});

describe("the verdict", () => {
  test.each([
    ["x.greater(0)", ["x=1"], ["no gradient flows from the result to a value"]],
    ["tensor(2).exp()", [], ["no value is given: there is nothing to differentiate by"]],
    [
      "x.exp()",
      ["x=[1,2]"],
      [
        "the result is no single number: the gradients are those of its sum",
        "✓ agrees with central differences",
      ],
    ],
    [
      "embedding(w, i).sum()",
      ["w=[[1,2],[3,4]]", "i=[1,0]"],
      ["no gradient flows to i", "✓ agrees with central differences"],
    ],
    ["x.log()", ["x=0"], ["the result is not finite: central differences say nothing"]],
  ])("of %s at %j", (text, given, verdict) => {
    expect(explainExpression(text, given)).toMatchObject({ verdict, agrees: true });
  });

  test("at a kink says so", () => {
    const { verdict, agrees } = explainExpression("x.relu()", ["x=0"]);
    expect(agrees).toBe(false);
    expect(verdict[0]).toContain("a kink: 0 from the left, 1 from the right");
  });
});

describe("a mistake is shown at its place, with the way out", () => {
  test.each([
    ["x.mull(y)", ["x=2", "y=3"], "x.mull(y)\n  ^^^^ there is no method mull; did you mean mul?"],
    ["tahn(x)", ["x=2"], "tahn(x)\n^^^^ there is no op tahn; did you mean tanh?"],
    ["x.mul(y", ["x=2", "y=3"], "x.mul(y\n       ^ the text ends here; there should be , or )"],
    ["x.mul(z)", ["x=2"], "x.mul(z)\n      ^ z has no value; give it after the expression, as in z=2"],
    ["X.exp()", ["x=2"], "X.exp()\n^ X has no value; did you mean x?"],
    ["tanh", [], "tanh\n^^^^ tanh is an op: call it, as in tanh(x)"],
    [
      "x.mul(y).sum()",
      ["x=[1,2]", "y=[1,2,3]"],
      "x.mul(y).sum()\n^^^^^^^^ mul([2], [3]): shapes do not broadcast: 2 vs 3 at axis -1",
    ],
    [
      "x.sum({ axs: 0 })",
      ["x=[1]"],
      /^x\.sum\(\{ axs: 0 \}\)\n\^+ sum: unknown param "axs"; did you mean "axes"\?/,
    ],
    ["x ^ 2", ["x=2"], "x ^ 2\n  ^ there is no ^: write a ** b, or a.pow(b)"],
    ["x @ y", ["x=2", "y=1"], "x @ y\n  ^ there is no @: write a.matmul(b)"],
    ['x.pow("2)', ["x=2"], /this text has no end/],
    ["x.shape", ["x=2"], "x.shape\n  ^^^^^ write shape(): only methods can be called here"],
    ["2.5.exp()", [], /only tensors have methods; write exp\(2\.5\)/],
    ["x y", ["x=2", "y=3"], "x y\n  ^ there should be a ; or the end, not y"],
    ["(x) => x", ["x=2"], /there should be a ; or the end, not =>/],
    ["const = 3", [], /there should be a name and =/],
    ["", [], /there is no expression/],
    ["x.split({ axis: 0, parts: 2 })", ["x=[1,2]"], /./],
    ["[x]", ["x=1"], /the result is a list; take one part of it/],
    ["x.exp()", ["x=2", "y=3"], "y is given and not used in the expression; it uses x"],
    ["x.exp()", ["x=2", "x=3"], "x=3: x is given twice"],
    ["x.exp()", ["x"], "x: a value is given as name=value, such as x=2 or y=[1,2,3]"],
    ["x.exp()", ["x="], "x=: there is no value after the ="],
    ["x.exp()", ["x=two"], /^x=two\n {2}\^\^\^ two has no value/],
    ["x.exp()", ["x=[[1],[2,3]]"], /^x=\[\[1\],\[2,3\]\]\n {2}\^+ tensor: ragged array/],
    ["constructor(x)", ["x=2"], /there is no op constructor/],
    ["x.constructor()", ["x=2"], /there is no method constructor/],
    ["__proto__", [], /__proto__ has no value/],
    [`${"(".repeat(500)}x${")".repeat(500)}`, ["x=1"], /nested too deeply/],
    [`${"-".repeat(5000)}x`, ["x=1"], /nested too deeply/],
  ])("%s with %j", (text, given, message) => {
    if (typeof message === "string") expect(mistake(text, ...given)).toBe(message);
    else expect(mistake(text, ...given)).toMatch(message);
  });

  test("in the line of several where it stands", () => {
    expect(mistake("const a = x.exp();\nconst b = a.tann();\nb", "x=1")).toBe(
      "const b = a.tann();\n            ^^^^ there is no method tann; did you mean tan?",
    );
  });
});

describe("one step", () => {
  const { trace } = explainExpression("const b = a + a; b * a", ["a=3"]);

  test("of a rule has operands, the incoming gradient, the sum and central differences", () => {
    // b·a with b = 2a: by b the slope is a = 3, which add passes to a twice, beside b = 6.
    const text = stepText(trace, 6, false, 100).join("\n");
    expect(text).toMatch(/^step 6 of 6, backward: a ← add, input 2\n/);
    expect(text).toMatch(/ g +the gradient of b +3\n/);
    expect(text).toMatch(/ had before +by other ways, a had +9\n/);
    expect(text).toMatch(/ sum +the gradient of a so far +12\n/);
    expect(text).toMatch(/✓ agrees with central differences of the op: 3/);
  });

  test("of an op has its formula, operands and declaration", () => {
    const text = stepText(trace, 2, false, 100).join("\n");
    expect(text).toMatch(
      /^step 2 of 6, forward: c = mul\(b, a\)\nout = x·y\n +x +b +6\n +y +a +3\n +out +c +18 +packages/,
    );
  });

  test("that does not exist is an error with the number of steps", () => {
    expect(() => stepText(trace, 7, false, 100)).toThrow(
      new RangeError("there is no step 7: the steps are 1 to 6"),
    );
  });

  test("exists for every row of every kind, expanded or not, within the columns", () => {
    for (const expand of [false, true]) {
      const count = traceText(trace, { expand, given: false })
        .split("\n")
        .filter((line) => /^ *\d/.test(line)).length;
      for (let i = 1; i <= count; i++) {
        for (const line of stepText(trace, i, expand, 40).slice(1))
          expect([...line].length).toBeLessThanOrEqual(60);
      }
    }
    expect(rowsOf(trace).sections).toHaveLength(2);
  });
});
