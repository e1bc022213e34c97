import { type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { follow } from "../../src/compile/follow.ts";

const x = tensor([1, 2, 3]);
const same = <T>(value: T): T => value;
const fail = (reason: string): never => {
  throw new Error(`gave up: ${reason}`);
};

/** A followed function of tiny tensors, of which only some calls are followed after 100. */
function tiny(read: () => number) {
  let runs = 0;
  const f = follow(
    (x: Tensor) => {
      runs++;
      return x.mul(read()).tanh().sum();
    },
    same,
    fail,
  );
  return { f, runs: () => runs };
}

describe("a followed function", () => {
  test("runs in each of the first calls, then in few", () => {
    const { f, runs } = tiny(() => 2);
    for (let i = 0; i < 100; i++) f(x);
    expect(runs()).toBe(100);
    for (let i = 0; i < 1000; i++) f(x);
    expect(runs()).toBeGreaterThan(105);
    expect(runs()).toBeLessThan(150);
  });

  test("runs in each call if its tensors are large", () => {
    let runs = 0;
    const large = tensor(new Array<number>(100_000).fill(0.1));
    const f = follow(
      (x: Tensor) => {
        runs++;
        return x.sum();
      },
      same,
      fail,
    );
    for (let i = 0; i < 600; i++) f(large);
    expect(runs).toBe(600);
  });

  test("K18: settle finds a change that skipped calls have missed, without a step", () => {
    let beta = 2;
    const { f, runs } = tiny(() => beta);
    for (let i = 0; i < 105; i++) f(x);
    f.settle();
    beta = 3;
    const before = runs();
    f(x);
    expect(runs()).toBe(before); // it was skipped
    expect(() => f.settle()).toThrow(/a constant is 3 instead of 2\. In up to \d+ steps .* compile: false/);
  });

  test("K18: settle takes a change after foreign code for one that the next call will follow", () => {
    let beta = 2;
    const { f } = tiny(() => beta);
    for (let i = 0; i < 105; i++) f(x);
    beta = 3;
    f.recheck();
    f.settle();
    expect(f(x).item()).toBeCloseTo(
      [1, 2, 3].reduce((sum, x) => sum + Math.tanh(3 * x), 0),
      12,
    );
  });

  test("K18: finds a change of its own later, and refuses it", () => {
    let beta = 2;
    const { f } = tiny(() => beta);
    for (let i = 0; i < 600; i++) f(x);
    beta = 3;
    const until = (): number => {
      for (let i = 0; i < 300; i++) f(x);
      return 0;
    };
    expect(until).toThrow(
      /depends on something that changes during training: a constant is 3 instead of 2\. In up to \d+ steps .* compile: false/,
    );
  });

  test("K18: takes a change over after recheck, for all shapes of arguments", () => {
    let beta = 2;
    const { f } = tiny(() => beta);
    const short = tensor([1]);
    const expected = (x: Tensor): number => x.mul(beta).tanh().sum().item();
    for (let i = 0; i < 600; i++) f(i % 7 === 0 ? short : x);
    for (const next of [3, 4, 4]) {
      beta = next;
      f.recheck();
      expect(f(x).item()).toBe(expected(x));
      expect(f(short).item()).toBe(expected(short));
    }
  });

  test("K18: looks at the next call after checkNext", () => {
    let beta = 2;
    const { f } = tiny(() => beta);
    for (let i = 0; i < 302; i++) f(x);
    beta = 3;
    f.checkNext();
    expect(() => f(x)).toThrow(/a constant is 3 instead of 2/);
  });

  test("runs in each call after always", () => {
    const { f, runs } = tiny(() => 2);
    f.always();
    for (let i = 0; i < 700; i++) f(x);
    expect(runs()).toBe(700);
  });

  test("calls the function once per call, also where it runs op by op", () => {
    const reasons: string[] = [];
    let runs = 0;
    const f = follow(
      (x: Tensor) => {
        runs++;
        const y = x.mul(runs);
        return y.data[0] > 2 ? y : y.neg();
      },
      same,
      (reason) => reasons.push(reason),
    );
    expect([f(x), f(x), f(x)].map((y) => y.toArray())).toEqual([
      [-1, -2, -3],
      [-2, -4, -6],
      [3, 6, 9],
    ]);
    expect(runs).toBe(3);
    expect(reasons).toEqual([
      "because it asks for the numbers of a tensor of shape [3], which are not known yet while it is traced",
    ]);
  });
});
