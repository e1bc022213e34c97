import { crossEntropy, mse, nll, type Tensor, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { follow } from "../../src/compile/follow.ts";

const x = tensor([1, 2, 3]);
const same = <T>(value: T): T => value;
const fail = (reason: string): never => {
  throw new Error(`gave up: ${reason}`);
};

describe("a followed function", () => {
  test("K18: runs in each call, and a change counts at once", () => {
    let runs = 0;
    const beta = (): number => (runs === 5000 ? 3 : 2);
    const f = follow(
      (x: Tensor) => {
        runs++;
        return x.mul(beta()).sum();
      },
      same,
      fail,
    );
    for (let i = 1; i < 5000; i++) f(x);
    expect([f(x).item(), f(x).item()]).toEqual([18, 12]);
    expect(runs).toBe(5001);
  });

  test("K18: does not run while the state is the same, for each combination of shapes", () => {
    let [runs, state] = [0, 0];
    let beta = 2;
    const f = follow(
      (x: Tensor) => {
        runs++;
        return x.mul(beta).sum();
      },
      same,
      fail,
      () => state,
    );
    const short = tensor([1]);
    const both = (): unknown => [f(x).item(), f(short).item(), runs];
    expect([both(), both()]).toEqual([
      [12, 2, 2],
      [12, 2, 2],
    ]);
    beta = 3;
    state = 1;
    expect([both(), both()]).toEqual([
      [18, 3, 4],
      [18, 3, 4],
    ]);
  });

  test("K18: runs in each call while the state is not known", () => {
    let [runs, state] = [0, null as number | null];
    const f = follow(
      (x: Tensor) => {
        runs++;
        return x.sum();
      },
      same,
      fail,
      () => state,
    );
    for (const next of [null, null, 1, 1, null, 1]) {
      state = next;
      f(x);
    }
    expect(runs).toBe(5);
  });

  test("K18: does not compare what follows from a loss of gradus", () => {
    const losses = [crossEntropy, nll, mse] as const;
    const rests = losses.map((loss) => {
      let rests = 0;
      const target = loss === mse ? tensor([[0, 1]]) : tensor([1]);
      const f = follow(
        (y: Tensor) => loss(y, target),
        (seen) => {
          rests++;
          return seen;
        },
        fail,
      );
      for (let i = 0; i < 3; i++) f(variable(tensor([[0.25, 0.75]])));
      return rests;
    });
    expect(rests).toEqual([1, 1, 1]);
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
