import { describe, expect, test } from "vitest";
import {
  add,
  backward,
  createRng,
  defineOp,
  deriveOp,
  div,
  exp,
  GradientError,
  GradusError,
  klDiv,
  linear,
  log,
  matmul,
  mean,
  mse,
  mul,
  NumericsError,
  type NumericsFault,
  type NumericsTrap,
  ones,
  Parameter,
  pow,
  reciprocal,
  ShapeError,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trapNumerics,
  type UpdateSpec,
  update,
  variable,
  where,
  zeros,
} from "../src/index.ts";

/** What the trap throws. */
function caught(run: (trap: NumericsTrap) => unknown): NumericsError {
  try {
    trapNumerics(run);
  } catch (error) {
    if (error instanceof NumericsError) return error;
    throw error;
  }
  throw new Error("nothing was caught");
}

/** The values of the operands, or their range. */
const operands = ({ operands }: NumericsFault) => operands.map(({ value, min, max }) => value ?? [min, max]);

/** The line that calls this function. */
function line(): number {
  const frames = (new Error().stack ?? "").split("\n").filter((text) => text.includes("trap.test.ts:"));
  return Number(/:(\d+):\d+\)?$/.exec(frames[1])?.[1]);
}

const big = 1e200;

interface Fault {
  readonly name: string;
  readonly run: () => Tensor;
  readonly op: string;
  readonly index: readonly number[];
  readonly value: number;
  readonly operands: readonly (number | readonly [number, number])[];
  readonly inner?: string;
}

/** The ways in which numbers stop being finite in the forward pass. */
const faults: readonly Fault[] = [
  {
    name: "log of 0",
    run: () =>
      log(
        tensor([
          [1, 2],
          [0, 0],
        ]),
      ),
    op: "log",
    index: [1, 0],
    value: -Infinity,
    operands: [0],
  },
  {
    name: "log of a negative number",
    run: () => log(tensor([1, -1])),
    op: "log",
    index: [1],
    value: NaN,
    operands: [-1],
  },
  {
    name: "1/0",
    run: () => div(tensor([[1, 2]]), tensor([[3], [0]])),
    op: "div",
    index: [1, 0],
    value: Infinity,
    operands: [1, 0],
  },
  { name: "0/0", run: () => div(tensor([0]), 0), op: "div", index: [0], value: NaN, operands: [0, 0] },
  {
    name: "the reciprocal of -0",
    run: () => reciprocal(tensor([-0])),
    op: "reciprocal",
    index: [0],
    value: -Infinity,
    operands: [-0],
  },
  {
    name: "exp overflow",
    run: () => exp(tensor([709, 710])),
    op: "exp",
    index: [1],
    value: Infinity,
    operands: [710],
  },
  {
    name: "the root of a negative number",
    run: () => sqrt(tensor(-1)),
    op: "sqrt",
    index: [],
    value: NaN,
    operands: [-1],
  },
  {
    name: "a power",
    run: () => pow(tensor([-8]), 1 / 3),
    op: "pow",
    index: [0],
    value: NaN,
    operands: [-8, 1 / 3],
  },
  {
    name: "0 to a negative power",
    run: () => pow(tensor([0]), -1),
    op: "pow",
    index: [0],
    value: Infinity,
    operands: [0, -1],
  },
  {
    name: "a product",
    run: () => mul(tensor([1, big]), big),
    op: "mul",
    index: [1],
    value: Infinity,
    operands: [big, big],
  },
  {
    name: "a square",
    run: () => square(tensor([-big])),
    op: "square",
    index: [0],
    value: Infinity,
    operands: [-big],
  },
  {
    name: "a sum of huge numbers",
    run: () => sum(tensor([1e308, 1e308])),
    op: "sum",
    index: [],
    value: Infinity,
    operands: [[1e308, 1e308]],
  },
  {
    name: "a product of matrices, of the shape of its factors",
    run: () =>
      matmul(
        tensor([
          [1, big],
          [3, 4],
        ]),
        tensor([
          [1, 2],
          [3, big],
        ]),
      ),
    op: "matmul",
    index: [0, 1],
    value: Infinity,
    operands: [
      [1, big],
      [1, big],
    ],
  },
  {
    name: "an op inside of a derived one",
    run: () => mse(tensor([1, big]), tensor([1, -big])),
    op: "mse",
    inner: "square",
    index: [1],
    value: Infinity,
    operands: [2 * big],
  },
  {
    name: "the bias of a linear map",
    run: () => linear(tensor([[1]]), tensor([[1e308]]), tensor([1e308])),
    op: "linear",
    inner: "add",
    index: [0, 0],
    value: Infinity,
    operands: [1e308, 1e308],
  },
  {
    name: "the end of a chain: softmax that rounds to 0",
    run: () => log(softmax(tensor([[0, -800]]), { axis: 1 })),
    op: "log",
    index: [0, 1],
    value: -Infinity,
    operands: [0],
  },
];

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
    expect(error.site).toMatch(/trap\.test\.ts:\d+:\d+$/);
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
    expect(error.message.replace(/ \S*trap\.test\.ts:\d+:\d+$/, " HERE")).toBe(
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
      expect(site).toMatch(new RegExp(`/packages/core/test/trap\\.test\\.ts:${before + 1}:\\d+$`));
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

describe("in the backward pass it catches", () => {
  test("an infinite slope, and names the forward op", () => {
    let before = 0;
    const net = (x: Tensor): Tensor => {
      before = line();
      return x.sqrt();
    };
    const x = variable([4, 0]);
    const error = caught((trap) => {
      const y = trap.layer("layers.1 (Root)", () => net(x)).sum();
      return trap.layer("the loss", () => backward(y));
    });
    expect(error).toMatchObject({
      phase: "backward",
      op: "sqrt",
      inner: "div",
      rule: { op: "sqrt", input: 0 },
      layer: "layers.1 (Root)",
      index: [1],
      value: Infinity,
    });
    expect(operands(error)).toEqual([0.5, 0]);
    expect(error.site).toMatch(new RegExp(`trap\\.test\\.ts:${before + 1}:\\d+$`));
    expect(error.message).toMatch(
      "the gradient rule of sqrt towards input 1: div([], [2]) made Infinity at [1] of finite numbers: input 1 is 0.5, " +
        "input 2 there is 0; in layer layers.1 (Root); sqrt was called at ",
    );
    // Also where forward and backward are trapped apart, and where forward was not trapped at all.
    const y = trapNumerics((trap) => trap.layer("layers.1 (Root)", () => net(x)).sum());
    expect(caught(() => backward(y))).toMatchObject({ layer: "layers.1 (Root)", site: error.site });
    const untrapped = net(x).sum();
    expect(caught(() => backward(untrapped))).toMatchObject({ op: "sqrt", layer: null });
  });

  test("a rule of a custom op, whether it uses ops or not", () => {
    const opWith = (rule: (g: Tensor) => Tensor) =>
      defineOp<[a: Tensor, b: Tensor]>({
        name: "odd",
        formula: "a",
        shape: ([a]) => a,
        forward: ([a], out) => out.set(a.data),
        vjp: [(g) => g, rule],
      });
    const [a, b] = [variable([1, 2]), variable([3, 4])];
    const withOps = caught(() => backward(opWith((g) => log(g.mul(-1)))(a, b).sum()));
    expect(withOps).toMatchObject({ op: "odd", inner: "log", rule: { op: "odd", input: 1 }, index: [0] });
    const without = caught(() => backward(opWith(() => tensor([0, Number.NaN]))(a, b).sum()));
    expect(without).toMatchObject({ op: "odd", inner: null, rule: { op: "odd", input: 1 }, index: [1] });
    expect(without.message).toMatch(
      "the gradient rule of odd towards input 2 made NaN at [1] of finite numbers: the incoming gradient lies in [1, 1], " +
        "input 2 lies in [1, 2], input 3 lies in [3, 4]; odd was called at ",
    );
  });

  test("a part of a derived op, a sum of gradients and a second derivative", () => {
    const w = new Parameter([[1e-300]]);
    const inDerived = caught(() =>
      backward(
        linear(tensor([[big]]), w, zeros([1]))
          .mul(big)
          .sum(),
      ),
    );
    expect(inDerived).toMatchObject({ op: "linear", inner: "matmul", rule: { op: "matmul", input: 1 } });
    expect(inDerived.message).toMatch(
      "the gradient rule of matmul towards input 2, a part of linear: matmul(",
    );
    const x = variable([0.1]);
    const huge = tensor([1e308]);
    expect(caught(() => backward(x.mul(huge).add(x.mul(huge)).sum()))).toMatchObject({
      phase: "backward",
      inner: "add",
      rule: { op: "mul", input: 0 },
    });
    const twice = caught(() => {
      const u = variable([0]);
      const first = backward(u.pow(1.5).sum(), { differentiable: true }).of(u);
      expect(first.toArray()).toEqual([0]);
      return backward(first.sum());
    });
    expect(twice).toMatchObject({ phase: "backward", op: "pow", inner: "slopeByBase", value: Infinity });
  });

  test("nothing if the incoming gradient was not finite", () => {
    const x = variable([0]);
    const y = x.sqrt();
    const gradient = trapNumerics(() => backward(y, { cotangent: tensor([Infinity]) }).of(x));
    expect(gradient.toArray()).toEqual([Infinity]);
  });
});

describe("in an update it catches", () => {
  const descend: UpdateSpec<number> = {
    name: "descend",
    run: ([g], [x, memory], rate) => {
      for (let i = 0; i < x.length; i++) x[i] -= rate * g[i];
      if (memory) for (let i = 0; i < x.length; i++) memory[i] = memory[i] * memory[i] + g[i];
    },
  };

  test("an overflow, and names the tensor", () => {
    const x = new Parameter([[1, -1.5e308]]);
    const g = tensor([[1, 1e308]]);
    const error = caught((trap) => {
      trap.name(x, "layers.0.weight");
      update(descend, [g], [x], 1);
    });
    expect(error).toMatchObject({
      phase: "update",
      op: "descend",
      parameter: "layers.0.weight",
      index: [0, 1],
      value: -Infinity,
      operands: [{ value: 1e308 }],
    });
    expect(error.message).toMatch(
      /^the update descend\(\[1,2\]\) of layers\.0\.weight made -Infinity at \[0,1\] of finite numbers: operand 1 there is 1e\+308; what it changes may be changed already; descend was called at \S*trap\.test/,
    );
    expect([...x.data]).toEqual([0, -Infinity]);
    expect(x.storage.version).toBe(1);
  });

  test("an overflow of its state", () => {
    const [x, memory] = [new Parameter([1]), tensor([big])];
    const run = (name?: string) => (trap: NumericsTrap) => {
      if (name) trap.name(x, name);
      update(descend, [ones([1])], [x, memory.assign([big])], 1);
    };
    expect(caught(run())).toMatchObject({ parameter: null, index: [0] });
    expect(caught(run("bias"))).toMatchObject({ parameter: "state 1 of bias", operands: [{ value: 1 }] });
  });

  test("nothing if an operand was not finite before", () => {
    const x = new Parameter([Infinity]);
    trapNumerics(() => update(descend, [ones([1])], [x], 1));
    trapNumerics(() => update(descend, [tensor([Number.NaN])], [new Parameter([1])], 1));
    expect(x.storage.version).toBe(1);
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
