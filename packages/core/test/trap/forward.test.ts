import { describe, expect, test } from "vitest";
import {
  backward,
  defineOp,
  deriveOp,
  div,
  GradusError,
  klDiv,
  log,
  matmul,
  mse,
  mul,
  Parameter,
  sqrt,
  sub,
  type Tensor,
  tensor,
  trapNumerics,
  type UpdateSpec,
  update,
  variable,
  where,
} from "../../src/index.ts";
import { big, faults } from "./faults.ts";
import { caught, line, operands } from "./support.ts";

describe("trapNumerics catches", () => {
  test.each(faults)("$name", ({ run, op, index, value, operands: values, inner = null }) => {
    const error = caught(run);
    expect(error).toBeInstanceOf(GradusError);
    expect(error).toMatchObject({
      name: "NumericsError",
      phase: "forward",
      op,
      inner,
      index,
      value,
      rule: null,
    });
    expect(operands(error)).toEqual(values);
    expect(error.site).toMatch(/trap\/faults\.ts:\d+:\d+$/);
  });

  test("the first of several, with all facts in its message", () => {
    const x = tensor([
      [4, 1],
      [0, 9],
    ]);
    const scale = tensor([1, 2]);
    const error = caught((trap) => {
      trap.name(scale, "scale");
      return trap.layer("layers.3 (Log)", () => sqrt(mul(log(mul(x, scale)), -1)));
    });
    expect(error.shapes).toEqual([[2, 2]]);
    expect(error.shape).toEqual([2, 2]);
    expect(error.message.replace(/ \S*forward\.test\.ts:\d+:\d+$/, " HERE")).toBe(
      "log([2,2]) made -Infinity at [1,0] of finite numbers: input 1 there is 0; in layer layers.3 (Log); " +
        "log was called at HERE",
    );
    const product = caught((trap) => {
      trap.name(scale, "scale");
      return matmul(mul(x, big), mul(scale, big));
    });
    expect(product.message).toMatch(
      "matmul([2,2], [2]) made Infinity at [0] of finite numbers: input 1 lies in [0, 9e+200], input 2 lies in [1e+200, 2e+200]; matmul",
    );
    const named = caught((trap) => {
      trap.name(scale, "scale");
      return div(x, sub(scale, 1).mul(1)).add(div(scale, 0));
    });
    expect(named).toMatchObject({ op: "div", index: [0, 0] });
    expect(
      caught((trap) => {
        trap.name(scale, "scale");
        return div(scale, 0);
      }).message,
    ).toMatch("scale there is 1, input 2 is 0;");
  });

  test("the line that called, through methods, derived ops and functions of the user", () => {
    let before = 0;
    const helper = (x: Tensor): Tensor => {
      before = line();
      return x.log();
    };
    const derived = (): Tensor => {
      before = line();
      return mse(tensor([big]), tensor([-big]));
    };
    for (const run of [() => helper(tensor([0])), derived]) {
      const { site } = caught(run);
      expect(site).toMatch(new RegExp(`/packages/core/test/trap/forward\\.test\\.ts:${before + 1}:\\d+$`));
    }
  });

  test("custom ops, and ops derived by the user", () => {
    const bad = defineOp<[x: Tensor]>({
      name: "bad",
      formula: "NaN where x > 1",
      shape: ([x]) => x,
      forward: ([x], out) => {
        for (let i = 0; i < out.length; i++) out[i] = x.data[i] > 1 ? Number.NaN : x.data[i];
      },
      vjp: [null],
    });
    const worse = deriveOp<[x: Tensor]>({
      name: "worse",
      formula: "bad(2x)",
      arity: 1,
      compute: ([x]) => bad(mul(x, 2)),
    });
    const x = tensor([0.25, 0.5, 0.75]);
    expect(caught(() => bad(mul(x, 2)))).toMatchObject({ op: "bad", inner: null, index: [2] });
    const error = caught(() => worse(x));
    expect(error).toMatchObject({ op: "worse", inner: "bad", index: [2], operands: [{ value: 1.5 }] });
    expect(error.message).toMatch(
      /^worse: bad\(\[3\]\) in it made NaN at \[2\] of finite numbers: input 1 there is 1.5; worse was called at /,
    );
  });
});

describe("K19: it catches NaN of operands without NaN", () => {
  test("of a product of 0 and an infinity, also behind a mask of infinities", () => {
    const error = caught(() => mul(where(tensor([1, 0]), tensor([2, 3]), -Infinity), tensor([1, 0])));
    expect(error).toMatchObject({ op: "mul", inner: null, index: [1], phase: "forward" });
    expect(error.value).toBeNaN();
    expect(error.message).toMatch(
      "mul([2], [2]) made NaN at [1] of operands without NaN: input 1 there is -Infinity, input 2 there is 0;",
    );
  });

  test("at the NaN, not at an infinity beside it", () => {
    const error = caught(() => mul(tensor([-Infinity, -Infinity]), tensor([1, 0])));
    expect(error.index).toEqual([1]);
  });

  test("of a derived op, unless it is masked inside", () => {
    const difference = deriveOp<[x: Tensor]>({
      name: "difference",
      formula: "x − x",
      arity: 1,
      compute: ([x]) => x.sub(x),
    });
    expect(caught(() => difference(tensor([1, Infinity])))).toMatchObject({
      op: "difference",
      inner: "sub",
      index: [1],
    });
    const loss = trapNumerics(() =>
      klDiv(tensor([-Infinity, 0]), tensor([-Infinity, 0]), { logTarget: true }),
    );
    expect(loss.item()).toBe(0);
  });

  test("of a gradient rule and of an update", () => {
    const infinite = variable(tensor([Infinity]));
    const error = caught(() => backward(mul(infinite, 2), { cotangent: tensor([0]) }) && mul(infinite, 0));
    expect(error).toMatchObject({ op: "mul", phase: "forward" });
    const sine = caught(() => backward(silly(infinite)).of(infinite));
    expect(sine).toMatchObject({ op: "silly", phase: "backward", rule: { op: "silly", input: 0 } });
    const subtract: UpdateSpec = {
      name: "subtract",
      run: ([g], [x]) => {
        x[0] -= g[0];
      },
    };
    const change = caught(() => update(subtract, [infinite], [new Parameter([Infinity])], undefined));
    expect(change).toMatchObject({ op: "subtract", phase: "update" });
    expect(change.value).toBeNaN();
  });
});

/** An op whose slope is x − x. */
const silly = defineOp<[x: Tensor]>({
  name: "silly",
  formula: "out = x",
  shape: ([x]) => x,
  forward: ([x], out) => out.set(x.data),
  vjp: [(g, { inputs: [x] }) => mul(g, sub(x, x))],
});
