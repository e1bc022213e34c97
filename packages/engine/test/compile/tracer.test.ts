import { inspect } from "node:util";
import {
  ArgumentError,
  add,
  createRng,
  defineOp,
  ones,
  Parameter,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";

describe("random numbers", () => {
  test("are drawn anew in every call, in the order of the plain function", () => {
    const draw = (rng: ReturnType<typeof createRng>) => (x: Tensor) =>
      x.add(rng.normal([3])).mul(rng.uniform([3], { low: 1, high: 2 }));
    const [a, b] = [createRng(4), createRng(4)];
    const [plain, compiled] = [draw(a), compile(draw(b))];
    for (let i = 0; i < 3; i++) expect(compiled(ones([3])).toArray()).toEqual(plain(ones([3])).toArray());
    expect(b.state()).toEqual(a.state());
  });

  test("that no result depends on are drawn too", () => {
    const rng = createRng(4);
    compile((x: Tensor) => {
      rng.normal([2]);
      return x;
    })(ones([1]));
    expect(rng.state().position).toBe(2);
  });

  test("of a stream made inside begin anew in every call", () => {
    const f = (x: Tensor): Tensor => x.add(createRng(3).split("a").uniform([2]));
    const compiled = compile(f);
    for (let i = 0; i < 2; i++) expect(compiled(ones([2])).toArray()).toEqual(f(ones([2])).toArray());
  });

  test.each(["next", "fill", "integer", "permutation"] as const)("by rng.%s are refused", (name) => {
    const rng = createRng(1);
    const draw = {
      next: () => rng.next(),
      fill: () => rng.fill(new Float64Array(2)),
      integer: () => rng.integer(2),
      permutation: () => rng.permutation(3),
    };
    expect(() => compile((x: Tensor) => x.add(Number(draw[name]())))(ones([1]))).toThrow(
      /draw tensors with rng.uniform/,
    );
    expect(rng.state().position).toBe(0);
    expect(rng.next()).toBeGreaterThanOrEqual(0); // the trace has ended
  });
});

describe("what cannot be traced", () => {
  const reasons: [string, (x: Tensor) => unknown][] = [
    ["item()", (x) => x.sum().item()],
    ["data", (x) => x.add(1).data],
    ["toArray()", (x) => x.toArray()],
    ["toString()", (x) => `${x}`],
    ["a decision by a number", (x) => (x.data[0] > 0 ? x : x.neg())],
    ["assign", (x) => ones([2]).assign(x.add(1))],
    ["a Parameter made of it", (x) => new Parameter(x.add(1))],
  ];
  test.each(reasons)("%s is refused, with the way out", (_, f) => {
    const compiled = compile(f);
    for (let i = 0; i < 2; i++) {
      expect(() => compiled(ones([2]))).toThrow(
        /of shape \[2?\] are not known yet.*use where\(condition, x, y\)/s,
      );
    }
    expect(ones([2]).sum().item()).toBe(2);
  });

  test("printing a tensor shows its shape", () => {
    let printed = "";
    compile((x: Tensor) => {
      printed = inspect(x.add(1));
    })(ones([2, 3]));
    expect(printed).toBe("tensor(being traced, shape=[2,3])");
  });

  test("an async function is refused", () => {
    expect(() => compile(async (x: Tensor) => x)(ones([1]))).toThrow(/must not be async/);
  });

  test("a generator or a class is refused, wherever it is in the result", () => {
    const generator = function* (x: Tensor) {
      yield x;
    };
    const later = async function* (x: Tensor) {
      yield x;
    };
    for (const fn of [generator, later, (x: Tensor) => [{ a: generator(x) }]]) {
      expect(() => compile(fn as () => unknown)()).toThrow(ArgumentError);
      expect(() => compile(fn as () => unknown)()).toThrow("must not be a generator");
    }
    expect(() => compile(class Net {} as never)).toThrow("compile: needs a function, got class Net");
  });

  test("arguments that are not tensors are refused", () => {
    expect(() => compile((x: Tensor) => x)(3 as unknown as Tensor)).toThrow(
      /must be tensors, got 3; wrap a number/,
    );
    expect(() => compile(3 as never)).toThrow(/needs a function, got 3/);
  });

  test("a tensor of another trace is refused", () => {
    let leaked: Tensor = ones([1]);
    compile((x: Tensor) => {
      leaked = x.add(1);
    })(ones([1]));
    expect(() => compile((x: Tensor) => x.add(leaked))(ones([1]))).toThrow(/computed while another function/);
  });
});

describe("tracing", () => {
  test("happens once for each combination of shapes and of what is tracked", () => {
    let traced = 0;
    const f = compile((x: Tensor, y: Tensor) => {
      traced++;
      return add(x, y);
    });
    for (const [x, y] of [
      [ones([2]), ones([2])],
      [zeros([2]), zeros([2])],
      [ones([1]), ones([2])],
      [variable([1, 1]), ones([2])],
    ])
      f(x, y);
    expect(traced).toBe(3);
    f.release();
    f(ones([2]), ones([2]));
    expect(traced).toBe(4);
  });

  test("of a compiled function inside another one makes it a part of that", () => {
    const inner = compile((x: Tensor) => x.mul(2));
    const outer = compile((x: Tensor) => inner(x).add(1));
    expect(outer(tensor([3])).item()).toBe(7);
  });

  test("leaves out ops that no result depends on, but not impure ones", () => {
    let runs = 0;
    const counting = (impure: boolean) =>
      defineOp<[x: Tensor]>({
        name: "counting",
        formula: "out = x",
        shape: ([x]) => x,
        impure,
        forward: ([x], out) => {
          runs++;
          out.set(x.data);
        },
        vjp: [null],
      });
    for (const [impure, expected] of [
      [false, 0],
      [true, 2],
    ] as const) {
      runs = 0;
      const op = counting(impure);
      const f = compile((x: Tensor) => {
        op(x);
        return x.add(1);
      });
      f(ones([1]));
      f(ones([1]));
      expect(runs).toBe(expected);
    }
  });
});
