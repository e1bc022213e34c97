import { describe, expect, test } from "vitest";
import {
  add,
  backward,
  createRng,
  deriveOp,
  exp,
  GradientError,
  log,
  matmul,
  mean,
  mul,
  Parameter,
  ShapeError,
  softmax,
  sqrt,
  type Tensor,
  tanh,
  tensor,
  trapNumerics,
  variable,
  where,
} from "../src/index.ts";
import { caught } from "./trap/support.ts";

describe("trapNumerics accepts", () => {
  test("operands that are not finite, and NaN made of NaN", () => {
    const mask = tensor([[0, -Infinity]]);
    const y = trapNumerics(() => {
      expect(mul(2, tensor(Number.NaN)).item()).toBeNaN();
      expect(mul(2, tensor(Infinity)).item()).toBe(Infinity);
      expect(exp(tensor([-Infinity])).item()).toBe(0);
      return softmax(add(tensor([[1, 2]]), mask), { axis: 1 });
    });
    expect(y.toArray()).toEqual([[1, 0]]);
  });

  test("NaN that is masked inside a derived op or gradient rule, but not NaN that is masked later", () => {
    const safeLog = deriveOp<[x: Tensor]>({
      name: "safeLog",
      formula: "log x, 0 where x ≤ 0",
      arity: 1,
      compute: ([x]) => where(x.greater(0), log(x), 0),
    });
    const x = variable([1, 0]);
    expect(trapNumerics(() => safeLog(x)).toArray()).toEqual([0, 0]);
    expect(caught(() => where(x.greater(0), log(x), 0))).toMatchObject({ op: "log", index: [1] });
    // The slope of √ at 0 is infinite, but nothing depends on it: the gradient is 0.
    const gradient = trapNumerics(() => {
      const root = variable([4, 0]);
      return backward(where(tensor([1, 0]), sqrt(root), 0).sum()).of(root);
    });
    expect(gradient.toArray()).toEqual([0.25, 0]);
  });

  test("an operand that is not finite, but not a NaN that a derived op makes from finite ones", () => {
    const halves = deriveOp<[x: Tensor, y: Tensor]>({
      name: "halves",
      formula: "x + log y",
      arity: 2,
      compute: ([x, y]) => add(x, log(y)),
    });
    expect(trapNumerics(() => halves(-Infinity, 1)).item()).toBe(-Infinity);
    expect(caught(() => halves(-Infinity, 0))).toMatchObject({
      op: "halves",
      inner: "log",
      operands: [{ value: 0 }],
    });
  });

  test("errors of other kinds, and ends with them", () => {
    expect(() => trapNumerics(() => add(tensor([1, 2]), tensor([1, 2, 3])))).toThrow(ShapeError);
    expect(() =>
      trapNumerics(() => {
        throw new GradientError("mine");
      }),
    ).toThrow("mine");
    expect(log(tensor(0)).item()).toBe(-Infinity);
    expect(() => caught(() => log(0))).not.toThrow();
    expect(log(tensor(0)).item()).toBe(-Infinity);
  });
});

describe("trapNumerics", () => {
  test("returns what the function returns, with the same bits and random streams as without it", () => {
    const work = () => {
      const rng = createRng(7);
      const w = new Parameter(rng.normal([3, 2]));
      const loss = mean(tanh(matmul(rng.uniform([4, 3]), w)));
      const g = backward(loss).of(w);
      return [...loss.data, ...g.data, rng.next(), rng.integer(10), ...rng.permutation(5)];
    };
    expect(trapNumerics(work)).toEqual(work());
  });

  test("can be nested, and a layer ends with its function", () => {
    const error = caught((trap) => {
      expect(() => trap.layer("a", () => log(0))).toThrow(/in layer a;/);
      trap.layer("b", () => trapNumerics(() => exp(0)));
      return log(0);
    });
    expect(error.layer).toBeNull();
  });

  test("refuses functions that it cannot check", () => {
    expect(() => trapNumerics(3 as unknown as () => void)).toThrow("trapNumerics: needs a function, got 3");
    expect(() => trapNumerics(async () => 3)).toThrow(/^trapNumerics: the function is async/);
  });
});
