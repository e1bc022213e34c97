import { createRng, Parameter, type Tensor, tensor, update, zeros } from "@gradus/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Compiled, compile, simdSupported } from "../../src/index.ts";
import { given } from "../../src/warn-once.ts";
import type { WasmEngine } from "../../src/wasm/engine.ts";
import { currentEngine, wasmEngine } from "../../src/wasm/wasm.ts";
import { descend } from "./trainer.ts";

const rng = createRng("full memory");

/** Runs something while the engine's memory has no room after so many blocks. @returns the warnings. */
function withRoomFor<T>(blocks: number, run: () => T): { result: T; warnings: string[] } {
  const { heap } = currentEngine() as WasmEngine;
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { allocate } = heap;
  let left = blocks;
  heap.allocate = (bytes) => (left-- > 0 ? allocate.call(heap, bytes) : null);
  try {
    const result = run();
    return { result, warnings: warn.mock.calls.map(([text]) => String(text)) };
  } finally {
    Reflect.deleteProperty(heap, "allocate");
    warn.mockRestore();
  }
}

describe.runIf(simdSupported())("when the engine's memory is full", () => {
  const used = (): number => (wasmEngine() as WasmEngine).heap.used;
  const held: Compiled<Tensor[], Tensor>[] = [];
  const made = (f: (...x: Tensor[]) => Tensor): Compiled<Tensor[], Tensor> => {
    const compiled = compile(f);
    held.push(compiled);
    return compiled;
  };
  let others: readonly { busy: boolean }[] = [];

  beforeEach(() => {
    given.clear();
    // Functions of other tests in this process keep their memory.
    const { holders } = currentEngine() as WasmEngine;
    others = [...holders];
    for (const holder of others) Object.assign(holder, { busy: true });
  });

  afterEach(() => {
    for (const compiled of held.splice(0)) compiled.release();
    for (const holder of others) Object.assign(holder, { busy: false });
    given.clear();
  });

  test("R5: a plan that finds no room for its first, second … block runs on the plain loops and gives back what it took", () => {
    const [weight, bias] = [new Parameter(rng.normal([4, 3])), new Parameter(rng.normal([3]))];
    const f = (x: Tensor): Tensor => x.matmul(weight).add(bias).tanh();
    const x = rng.normal([2, 4]);
    const expected = f(x).data;
    const before = used();
    for (let blocks = 0; blocks < 4; blocks++) {
      given.clear();
      const { result, warnings } = withRoomFor(blocks, () => made(f)(x));
      expect(result.data, `${blocks} blocks`).toEqual(expected);
      expect(warnings, `${blocks} blocks`).toEqual([
        expect.stringContaining("memory of the SIMD kernels is full"),
      ]);
      held.splice(0).forEach((compiled) => void compiled.release());
      expect(used(), `${blocks} blocks`).toBe(before);
    }
    expect(withRoomFor(4, () => made(f)(x)).warnings).toEqual([]);
  });

  test("R5: one warning of one line says that the plain loops took over", () => {
    const { warnings } = withRoomFor(0, () => {
      for (let i = 0; i < 3; i++) made((x) => x.mul(i))(tensor([1, 2]));
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toContain("\n");
  });

  test("R5: the workspace that finds no room to grow goes on on the plain loops", () => {
    const f = made((x) => x.mul(2).add(1));
    f(zeros([2]));
    const { result, warnings } = withRoomFor(0, () => [f(zeros([2])), f(zeros([5000])), f(zeros([2]))]);
    expect(result.map(({ size, data }) => [size, data[size - 1]])).toEqual([
      [2, 1],
      [5000, 1],
      [2, 1],
    ]);
    expect(warnings).toHaveLength(1);
  });

  test("R5: so does a large product outside of compiled functions", () => {
    const [a, b] = [rng.normal([64, 64]), rng.normal([64, 64])];
    const expected = a.matmul(b).data;
    for (let blocks = 0; blocks < 2; blocks++) {
      given.clear();
      const before = used();
      const { result, warnings } = withRoomFor(blocks, () => [a.matmul(b), a.matmul(b)]);
      expect(result.map(({ data }) => data)).toEqual([expected, expected]);
      expect(warnings).toHaveLength(1);
      expect(used()).toBe(before);
    }
  });

  test("K9: the function that was not called for longest gives its memory back first", () => {
    const [first, second] = [made((x) => x.mul(2)), made((x) => x.mul(3))];
    const x = tensor([1, 2]);
    first(x);
    second(x);
    first(x);
    const { heap } = currentEngine() as WasmEngine;
    const { allocate } = heap;
    heap.allocate = (bytes) => (second.traced(x) ? null : allocate.call(heap, bytes));
    try {
      expect(made((y) => y.mul(4))(x).toArray()).toEqual([4, 8]);
    } finally {
      Reflect.deleteProperty(heap, "allocate");
    }
    expect([first.traced(x), second.traced(x)]).toEqual([true, false]);
    expect([first(x).toArray(), second(x).toArray()]).toEqual([
      [2, 4],
      [3, 6],
    ]);
  });
});

describe.runIf(simdSupported())("released memory", () => {
  const used = (): number => (wasmEngine() as WasmEngine).heap.used;

  test("R5: 140 functions over one weight, each released, leave nothing, and the weight has its last change", () => {
    const weight = new Parameter(zeros([100, 100]));
    const before = used();
    for (let i = 0; i < 140; i++) {
      const step = compile((x: Tensor) => update(descend, [x], [weight], undefined));
      step(zeros([100, 100]).add(1));
      step.release();
      step.release();
      expect(used()).toBe(before);
    }
    expect(weight.data.every((value) => Math.abs(value + 14) < 1e-9)).toBe(true);
  });

  test("R5: two functions share the copy of a weight, and the last one that is released frees it", () => {
    const weight = new Parameter(rng.normal([64, 64]));
    const [f, g] = [compile((x: Tensor) => x.add(weight).sum()), compile((x: Tensor) => x.sub(weight).sum())];
    const x = zeros([1]);
    const before = used();
    f(x);
    const one = used() - before;
    g(x);
    expect(used() - before).toBeLessThan(2 * one);
    f.release();
    expect(used()).toBeGreaterThanOrEqual(before + 8 * weight.size);
    weight.assign(weight.data.map((value) => value + 1));
    expect(g(x).item()).toBe(x.sub(weight).sum().item());
    g.release();
    expect(used()).toBe(before);
  });

  test("a function that releases itself while it runs ends its run first", () => {
    const x = tensor([1, 2]);
    const before = used();
    const spec = { name: "release", run: () => void f.release() };
    const f: Compiled<[Tensor], Tensor> = compile((y: Tensor) => {
      const z = y.mul(3);
      update(spec, [z], [], undefined);
      return z.add(1);
    });
    expect(f(x).toArray()).toEqual([4, 7]);
    expect(used()).toBe(before);
    expect(f(x).toArray()).toEqual([4, 7]);
  });

  test("a function that calls itself while it runs computes the inner call op by op", () => {
    let depth = 0;
    const inner: number[] = [];
    const spec = {
      name: "again",
      run: () => {
        if (depth++ === 0) inner.push(f(tensor([10])).item());
      },
    };
    const f: Compiled<[Tensor], Tensor> = compile((y: Tensor) => {
      const z = y.mul(3);
      update(spec, [z], [], undefined);
      return z.add(1);
    });
    expect(f(tensor([1])).item()).toBe(4);
    expect(inner).toEqual([31]);
    f.release();
  });
});
