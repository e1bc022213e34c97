import { backward, crossEntropy, mse, nll, type Tensor, tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type Followed, follow } from "../../src/compile/follow.ts";

const x = tensor([1, 2, 3]);
const same = <T>(value: T): T => value;
const fail = (reason: string): never => {
  throw new Error(`gave up: ${reason}`);
};

/** Follows a function of one part that is compared, or is the same in each state. */
const followOne = <Seen, Result>(
  second: (x: Tensor) => Seen,
  rest: (seen: Seen) => Result,
  onGiveUp: (reason: string) => void,
  state: () => number | null = () => null,
): Followed<[x: Tensor], Result> =>
  follow<[x: Tensor], Seen, Result>({ first: same, second, rest, state, ownSecond: true }, onGiveUp);

describe("a followed function", () => {
  test("K18: runs in each call, and a change counts at once", () => {
    let runs = 0;
    const beta = (): number => (runs === 5000 ? 3 : 2);
    const f = followOne(
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
    const f = followOne(
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
    const f = followOne(
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
      const f = followOne(
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
    const f = followOne(
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
      "because it asks for the numbers of a tensor of shape [3], which are not known yet while it is traced. To decide by them and be compiled, use where(condition, x, y)",
    ]);
  });
});

describe("K18: a followed function whose first part is known", () => {
  const w = variable(tensor([1, 2, 3]));

  /** The numbers of three calls, and how often the first and the second part have run. */
  function calls(
    first: (x: Tensor) => Tensor,
    second: (y: Tensor, x: Tensor, call: number) => Tensor,
    stateOf: (call: number) => number | null = () => 0,
  ): unknown {
    let [firsts, seconds, call] = [0, 0, 0];
    const f = follow(
      {
        first(x: Tensor) {
          firsts++;
          return first(x);
        },
        second(y: Tensor, x: Tensor) {
          seconds++;
          return second(y, x, call);
        },
        rest: same,
        state: () => stateOf(call),
        ownSecond: false,
      },
      fail,
    );
    const results: unknown[] = [];
    for (; call < 4; call++) results.push(f(tensor([call, 1, 1])).toArray());
    return [...results, firsts, seconds];
  }

  test("runs only the second part in the same state", () => {
    expect(
      calls(
        (x) => x.mul(w),
        (y) => y.sum(),
      ),
    ).toEqual([5, 6, 7, 8, 1, 4]);
  });

  test("runs the first part in another state, or in none", () => {
    const halves = (call: number): number => Math.floor(call / 2);
    const half = (x: Tensor): Tensor => x.mul(w);
    expect(calls(half, (y) => y.sum(), halves)).toEqual([5, 6, 7, 8, 2, 4]);
    expect(
      calls(
        half,
        (y) => y.sum(),
        () => null,
      ),
    ).toEqual([5, 6, 7, 8, 4, 4]);
  });

  test("follows the second part to other ops and constants", () => {
    expect(
      calls(
        (x) => x.mul(w),
        (y, _, call) => (call === 2 ? y.square().sum() : y.sum().mul(call)),
      ),
    ).toEqual([0, 6, 17, 24, 1, 4]);
  });

  test("gives gradients through the first part, when they are asked for", () => {
    expect(
      calls(
        (x) => x.mul(w).mul(2),
        (y, _, call) => (call < 2 ? y.sum() : backward(y.sum()).of(w)),
      ),
    ).toEqual([10, 12, [4, 2, 2], [6, 2, 2], 1, 4]);
  });

  test("gives the numbers that the first part computes op by op", () => {
    const reasons: string[] = [];
    let firsts = 0;
    const f = follow(
      {
        first(x: Tensor) {
          firsts++;
          return x.mul(2);
        },
        second: (y: Tensor, x: Tensor) => (x.size === 3 && firsts === 1 && y.size > 0 ? read(y) : y),
        rest: same,
        state: () => 0,
        ownSecond: false,
      },
      (reason) => reasons.push(reason),
    );
    let reads = 0;
    const read = (y: Tensor): Tensor => (reads++ === 1 ? y.mul(y.data[1]) : y);
    expect([f(x).toArray(), f(x).toArray(), firsts, reasons.length]).toEqual([[2, 4, 6], [8, 16, 24], 1, 1]);
  });

  test("is its argument, or a tensor from outside", () => {
    expect(calls(same, (y) => y.mul(2))).toEqual([[0, 2, 2], [2, 2, 2], [4, 2, 2], [6, 2, 2], 1, 4]);
    expect(
      calls(
        () => w,
        (y) => y.sum(),
      ),
    ).toEqual([6, 6, 6, 6, 4, 4]);
  });

  test("refuses the tensor of an earlier call", () => {
    const kept: Tensor[] = [];
    expect(() =>
      calls(
        (x) => x.mul(w),
        (y, _, call) => {
          kept.push(y);
          return call === 3 ? y.add(kept[1]).sum() : y.sum();
        },
      ),
    ).toThrow(/earlier call.*compile: false/);
  });
});
