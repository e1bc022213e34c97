import { type Tensor, tensor, variable, zeros } from "@gradus/core";
import { expect, test } from "vitest";
import { alive } from "../../../core/test/alive.ts";
import { type Compiled, compile, simdSupported } from "../../src/index.ts";
import type { WasmEngine } from "../../src/wasm/engine.ts";
import { wasmEngine } from "../../src/wasm/wasm.ts";

const counted = (): { f: (...x: Tensor[]) => Tensor; traces: () => number } => {
  let traces = 0;
  const f = (x: Tensor): Tensor => {
    traces++;
    return x.mul(2).sum();
  };
  return { f, traces: () => traces };
};

test("K9: the plans of 64 shapes are kept; the least recently used goes, and is traced again when it comes back", () => {
  const { f, traces } = counted();
  const g = compile(f);
  const call = (n: number): void => void expect(g(zeros([n]).add(1)).item()).toBe(2 * n);
  for (let n = 1; n <= 64; n++) call(n);
  for (let n = 1; n <= 64; n++) call(n);
  expect(traces()).toBe(64);
  call(1); // so that 2 was not used for longest
  call(65);
  expect([1, 2, 3, 65].map((n) => g.traced(zeros([n])))).toEqual([true, false, true, true]);
  call(2);
  expect(traces()).toBe(66);
  g.release();
});

test("K9: plans of many steps are fewer, but at least 4", () => {
  const g = compile((x: Tensor) => {
    let y = x;
    for (let i = 0; i < 6000; i++) y = y.neg();
    return y;
  });
  for (let n = 1; n <= 5; n++) g(zeros([n]));
  expect([1, 2, 3, 4, 5].map((n) => g.traced(zeros([n])))).toEqual([false, true, true, true, true]);
  g.release();
});

test("K9: plans whose constants take more than 32 MB are fewer, but at least 4; small constants and weights do not count", () => {
  const weights = zeros([2, 1024 * 1024]);
  const g = compile((x: Tensor) => x.add(zeros(x.shape)).sum().add(weights.sum()));
  const sizes = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  const kept = (all: readonly number[]): number => all.filter((n) => g.traced(zeros([n]))).length;
  const call = (n: number): void => void g(zeros([n]));
  const small = sizes(1, 20);
  small.forEach(call);
  expect(kept(small)).toBe(20);
  const middle = sizes(512 * 1024, 20); // 4 MB each
  middle.forEach(call);
  expect([kept(small), kept(middle)]).toEqual([0, 7]); // the 8th exceeds 32 MB by 100 bytes or so
  const large = sizes(2 * 1024 * 1024, 6);
  large.forEach(call);
  expect([kept(middle), kept(large)]).toEqual([0, 4]);
  g.release();
});

test.runIf(simdSupported())(
  "K9: 300 growing shapes with a constant of their size keep no more than the first 100 and the largest 4, or 32 MB",
  () => {
    const { heap } = wasmEngine() as WasmEngine;
    const before = heap.used;
    const g = compile((x: Tensor) => x.add(zeros(x.shape)).sum());
    const used: number[] = [];
    for (let n = 1; n <= 300; n++) {
      g(zeros([n, 784]));
      used.push(heap.used - before);
    }
    expect(Math.max(...used)).toBeLessThan(1.25 * 32 * 1024 * 1024 + 2 * 1.25 * 300 * 784 * 8);
    g.release();
    expect(heap.used).toBe(before);
  },
);

test("K9: shapes of the same numbers, arguments, ranks and tracking are told apart", () => {
  const { f, traces } = counted();
  const g = compile(f);
  const [one, two] = [zeros([1]), zeros([2])];
  const calls: Tensor[][] = [
    [one],
    [one, one],
    [two],
    [one, two],
    [two, one],
    [zeros([])],
    [zeros([1, 1])],
    [zeros([11])],
    [variable(one)],
    [variable(one), one],
    [one, variable(one)],
    [zeros([0])],
    [zeros([1, 0])],
    [zeros([]), one],
    [one, zeros([])],
  ];
  for (const args of calls) g(...args);
  expect(traces()).toBe(calls.length);
  for (const args of calls) g(...args);
  expect(traces()).toBe(calls.length);
  g.release();
});

test.runIf(simdSupported())(
  "K9: 300 growing shapes take no more of the engine's memory than the largest one",
  () => {
    const { heap } = wasmEngine() as WasmEngine;
    const before = heap.used;
    const g = compile((x: Tensor) => x.mul(2).tanh().add(1).sum());
    const most = 300;
    for (let n = 1; n <= most; n++) g(zeros([n, 100]));
    const largest = 8 * most * 100;
    expect(heap.used - before).toBeLessThan(3 * 1.25 * largest);
    g.release();
    expect(heap.used).toBe(before);
  },
);

test("K9: plans of earlier shapes give the same numbers after the workspace has moved", () => {
  const g = compile((x: Tensor) => x.mul(2).add(1));
  for (const n of [1, 500, 1, 3000, 500, 2, 20_000, 1, 3000]) {
    expect(g(zeros([n]).add(n)).data.every((value) => value === 2 * n + 1)).toBe(true);
  }
  g.release();
});

test.runIf(simdSupported())("a function that is dropped without release gives its memory back", async () => {
  const { holders } = wasmEngine() as WasmEngine;
  const before = new Set(holders);
  const references: WeakRef<object>[] = [];
  const drop = (): void => {
    const g: Compiled<[Tensor], object> = compile((x: Tensor) => ({ y: x.mul(2), name: g.name }));
    g(tensor([1, 2]));
    references.push(new WeakRef(g));
  };
  drop();
  const [holder] = [...holders].filter((x) => !before.has(x));
  expect(holder).toBeDefined();
  expect(await alive(references)).toBe(0);
  for (let i = 0; i < 100 && holders.has(holder); i++) {
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  expect(holders.has(holder)).toBe(false);
});
