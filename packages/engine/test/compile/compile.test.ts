import { inspect } from "node:util";
import {
  add,
  backward,
  createRng,
  crossEntropy,
  defineOp,
  Gradients,
  gather,
  hashTensors,
  matmul,
  mse,
  mul,
  ones,
  Parameter,
  type Tensor,
  tanh,
  tensor,
  type UpdateSpec,
  update,
  variable,
  zeros,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile, simdSupported } from "../../src/index.ts";
import { inWay } from "../ways.ts";

const descend: UpdateSpec = {
  name: "descend",
  run: ([g], [x]) => {
    for (let i = 0; i < x.length; i++) x[i] -= 0.1 * g[i];
  },
};

/** A net of two layers and its training step. */
function trainer(): {
  parameters: Parameter[];
  step: (x: Tensor, target: Tensor) => { loss: Tensor; y: Tensor };
} {
  const rng = createRng(1);
  const parameters = [
    new Parameter(rng.normal([3, 4])),
    new Parameter(zeros([4])),
    new Parameter(rng.normal([4, 2])),
  ];
  const [w, b, v] = parameters;
  const step = (x: Tensor, target: Tensor): { loss: Tensor; y: Tensor } => {
    const y = tanh(x.matmul(w).add(b)).matmul(v);
    const loss = mse(y, target);
    const gradients = backward(loss);
    for (const p of parameters) update(descend, [gradients.of(p)], [p], undefined);
    return { loss, y };
  };
  return { parameters, step };
}

const named = (tensors: readonly Tensor[]): [string, Tensor][] => tensors.map((x, i) => [String(i), x]);

describe("a compiled training step", () => {
  test("gives the bits of the plain one, step after step, also for batches of another size", () => {
    const [plain, fast] = [trainer(), trainer()];
    const compiled = compile(fast.step);
    const rng = createRng("data");
    for (const n of [5, 5, 2, 5, 0, 1, 5]) {
      const [x, target] = [rng.normal([n, 3]), rng.normal([n, 2])];
      const [expected, found] = [plain.step(x, target), compiled(x, target)];
      expect(
        hashTensors([
          ["loss", found.loss],
          ["y", found.y],
        ]),
      ).toBe(
        hashTensors([
          ["loss", expected.loss],
          ["y", expected.y],
        ]),
      );
      expect(hashTensors(named(fast.parameters))).toBe(hashTensors(named(plain.parameters)));
    }
  });

  test("reads parameters afresh in every call", () => {
    const w = new Parameter([2]);
    const f = compile((x: Tensor) => mul(x, w));
    expect(f(tensor([3])).item()).toBe(6);
    w.assign([5]);
    expect(f(tensor([3])).item()).toBe(15);
  });

  test("counts its changes, so that an older graph is refused", () => {
    const w = new Parameter([2]);
    const y = mul(w, w).sum();
    const f = compile((x: Tensor) => update(descend, [x], [w], undefined));
    expect(w.storage.version).toBe(0);
    f(tensor([1]));
    expect(w.storage.version).toBe(1);
    expect(w.item()).toBe(1.9);
    expect(() => backward(y)).toThrow(/changed in place after it was used/);
  });

  test("refuses inside what is refused outside: a gradient through changed numbers", () => {
    const w = new Parameter([2]);
    const f = compile((x: Tensor) => {
      const y = mul(w, x).mul(w).sum();
      update(descend, [x], [w], undefined);
      return backward(y).of(w);
    });
    expect(() => f(tensor([1]))).toThrow(/changed in place after it was used/);
    expect(w.storage.version).toBe(0);
  });

  test("returns results that are the caller's to keep", () => {
    const f = compile((x: Tensor) => mul(x, 2));
    const first = f(tensor([1]));
    const second = f(tensor([2]));
    expect([first.item(), second.item()]).toEqual([2, 4]);
    expect(first.tracked).toBe(false);
  });
});

describe("what a compiled function may return", () => {
  const x = tensor([1, 2]);

  test.each([
    ["nothing", () => undefined],
    ["a number", () => 7],
    ["nested arrays and objects", (y: Tensor) => ({ a: [y.add(1), { b: y.mul(3) }], c: "text" })],
    ["its argument", (y: Tensor) => y],
    ["the same tensor twice", (y: Tensor) => ((z) => [z, z])(y.add(1))],
    ["a reshaped argument", (y: Tensor) => y.reshape({ shape: [2, 1] })],
  ])("%s", (_, f: (y: Tensor) => unknown) => {
    const flat = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value ?? null, (key, item) => (key === "data" ? [...item] : item)));
    const plain = (value: unknown): unknown =>
      flat(deep(value, (tensor) => ({ shape: tensor.shape, values: tensor.toArray() })));
    expect(plain(compile(f)(x))).toEqual(plain(f(x)));
  });

  test("Gradients, of parameters and of arguments that are variables", () => {
    const w = new Parameter([3, 4]);
    const f = (y: Tensor): Gradients => backward(mul(y, w).sum());
    const y = variable([1, 2]);
    const gradients = compile(f)(y);
    expect(gradients).toBeInstanceOf(Gradients);
    expect(gradients.of(w).toArray()).toEqual([1, 2]);
    expect(gradients.of(y).toArray()).toEqual([3, 4]);
  });

  test("a tensor from outside, as it is", () => {
    const w = new Parameter([3]);
    expect(compile((y: Tensor) => [w, y.add(w)])(x)[0]).toBe(w);
  });
});

function deep(value: unknown, f: (x: Tensor) => unknown): unknown {
  if (value && typeof value === "object" && "storage" in value) return f(value as Tensor);
  if (Array.isArray(value)) return value.map((item) => deep(item, f));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v, f)]));
  return value;
}

describe("random numbers", () => {
  test("are drawn anew in every call, in the order of the plain function", () => {
    const draw = (rng: ReturnType<typeof createRng>) => (x: Tensor) =>
      x.add(rng.normal([3])).mul(rng.uniform([3], { low: 1, high: 2 }));
    const [a, b] = [createRng(4), createRng(4)];
    const [plain, compiled] = [draw(a), compile(draw(b))];
    for (let i = 0; i < 3; i++) expect(compiled(ones([3])).toArray()).toEqual(plain(ones([3])).toArray());
    expect(b.state()).toEqual(a.state());
  });

  test("that nobody uses are drawn all the same", () => {
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

describe("errors of a call", () => {
  test("are those of the plain function", () => {
    const f = (x: Tensor, labels: Tensor): Tensor => crossEntropy(x, labels);
    const compiled = compile(f);
    const [x, bad] = [zeros([2, 3]), tensor([0, 3])];
    let message = "";
    try {
      f(x, bad);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^crossEntropy\(\[2,3\], \[2\]\): index 3/);
    expect(() => compiled(x, bad)).toThrow(message);
    expect(compiled(x, tensor([0, 1])).item()).toBe(f(x, tensor([0, 1])).item());
  });

  test("of shapes are found while tracing, and the next call traces again", () => {
    const w = new Parameter(ones([2, 2]));
    const compiled = compile((x: Tensor) => matmul(x, w));
    expect(() => compiled(ones([1, 3]))).toThrow(/matmul\(\[1,3\], \[2,2\]\): inner sizes differ/);
    expect(compiled(ones([1, 2])).toArray()).toEqual([[2, 2]]);
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

  test("leaves out what nothing depends on, but not what has effects", () => {
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

test("profile takes a step and says how long each of its parts took", () => {
  const [plain, fast] = [trainer(), trainer()];
  const compiled = compile(fast.step);
  const [x, target] = [ones([2, 3]), zeros([2, 2])];
  const times = compiled.profile(x, target);
  plain.step(x, target);
  expect(hashTensors(named(fast.parameters))).toBe(hashTensors(named(plain.parameters)));
  expect(times.filter(({ name }) => name === "matmul").length).toBe(5);
  expect(times.every(({ ms }) => ms >= 0)).toBe(true);
  expect(times.at(-1)?.name).toBe("descend");
});

describe("describe", () => {
  const w = new Parameter(ones([4, 4]));
  const f = compile((x: Tensor) => gather(tanh(x.matmul(w)).add(1).mul(2), tensor([[0]]), { axis: 0 }));

  test("lists the steps and the memory", () => {
    inWay("blocked", () => {
      expect(f.describe(ones([2, 4]))).toMatchInlineSnapshot(`
        "   step    reads            writes   by    at
        1  matmul  x1[2,4] t1[4,4]  b1[2,4]  loop  64 B
        2  tanh    b1[2,4]          b2[2,4]  loop  0 B
        3  add     b2[2,4] t2[]     b3[2,4]  loop  64 B
        4  mul     b3[2,4] t3[]     b4[2,4]  loop  0 B
        5  gather  b4[2,4] t4[1,1]  b5[1,1]  loop  64 B

        5 steps, 6 buffers: 128 B at the peak (328 B if none shared a place). x: arguments, b: buffers, t: tensors from outside."
      `);
    });
  });

  test.runIf(simdSupported())(
    "says what an engine does, and that it may overwrite what it reads last",
    () => {
      const lines = f.describe(ones([2, 4])).split("\n");
      expect(lines[1]).toMatch(/^1 {2}matmul {2}x1\[2,4\] t1\[4,4\] {2}b1\[2,4\] {2}engine {2}64 B$/);
      expect(lines.slice(2, 5).map((line) => line.split(/ {2,}/).slice(-2))).toEqual([
        ["engine", "64 B"],
        ["engine", "64 B"],
        ["engine", "64 B"],
      ]);
      expect(lines[5]).toContain("loop");
    },
  );
});
