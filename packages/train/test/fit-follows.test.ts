import { crossEntropy, defineOp, mul, type Tensor } from "@gradus/core";
import { compile } from "@gradus/engine";
import { namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { both, type Cases, type Changes, scaled } from "./follow-support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const cases: Cases = {
  "a variable that changes in each step, by a callback": () => {
    let beta = 1;
    return {
      loss: scaled(() => beta),
      callbacks: [
        {
          onBatchEnd: () => {
            beta *= 0.9;
          },
        },
      ],
    };
  },
  "a variable that changes at the end of each epoch": () => {
    let beta = 1;
    return {
      loss: scaled(() => beta),
      callbacks: [
        {
          onEpochEnd: () => {
            beta *= 10;
          },
        },
      ],
    };
  },
  "a variable that changes at the begin of an epoch": () => {
    let beta = 1;
    return {
      loss: scaled(() => beta),
      callbacks: [
        {
          onEpochBegin: (epoch) => {
            beta = epoch;
          },
        },
      ],
    };
  },
  "a variable that changes in the middle of an epoch": () => {
    let beta = 1;
    return {
      loss: scaled(() => beta),
      callbacks: [
        {
          onBatchEnd: ({ step }) => {
            if (step === 5) beta = 3;
          },
        },
      ],
    };
  },
  "a variable that an async callback changes": () => {
    let beta = 1;
    const onBatchEnd = async (): Promise<void> => {
      await Promise.resolve();
      beta += 1;
    };
    return { loss: scaled(() => beta), callbacks: [{ onBatchEnd }] };
  },
  "a variable that the loss changes itself": () => {
    let beta = 1;
    return {
      loss: scaled(() => {
        beta *= 0.9;
        return beta;
      }),
    };
  },
  "a counter in the loss that decides": () => {
    let calls = 0;
    return { loss: (y, t) => (calls++ % 5 < 2 ? crossEntropy(y, t) : crossEntropy(y, t).square()) };
  },
  "random numbers of JavaScript": () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    return { loss: scaled(random) };
  },
  "a switch to another loss": () => {
    let squared = false;
    return {
      loss: (y, t) => (squared ? crossEntropy(y, t).square() : crossEntropy(y, t)),
      callbacks: [
        {
          onEpochEnd: () => {
            squared = true;
          },
        },
      ],
    };
  },
  "a variable that the learning rate's schedule changes": (net) => {
    let beta = 1;
    const learningRate = (step: number): number => {
      beta = 1 + step;
      return 0.1;
    };
    return { loss: scaled(() => beta), optimizer: new SGD(namedParameters(net), { learningRate }) };
  },
  "a variable that a metric changes": () => {
    let beta = 1;
    const sum = (y: Tensor): number => {
      beta = 1 + y.size;
      return beta;
    };
    return { loss: scaled(() => beta), metrics: { sum } };
  },
  "a param of an op": () => {
    let smoothing = 0;
    return {
      loss: (y, t) => crossEntropy(y, t, { labelSmoothing: smoothing }),
      callbacks: [
        {
          onEpochEnd: () => {
            smoothing += 0.1;
          },
        },
      ],
    };
  },
  "an array of class weights that is written to": () => {
    const classWeights = [1, 1];
    return {
      loss: (y, t) => crossEntropy(y, t, { classWeights }),
      callbacks: [
        {
          onEpochEnd: () => {
            classWeights[1] += 1;
          },
        },
      ],
    };
  },
  "a list of axes that is written to": () => {
    const axes = [0];
    return {
      loss: (y) => y.tanh().sum({ axes }).square().mean(),
      metrics: {},
      callbacks: [
        {
          onBatchEnd: ({ step }) => {
            if (step === 4) axes[0] = 1;
          },
        },
      ],
    };
  },
  "the gradient rule of an op of one's own": () => {
    let lambda = 1;
    const reversed = defineOp<[x: Tensor]>({
      name: "reversed",
      formula: "y = x, gradient −λ·g",
      shape: ([x]) => x,
      forward: ([x], out) => out.set(x.data),
      vjp: [(g) => mul(g, -lambda)],
    });
    return {
      loss: (y, t) => crossEntropy(reversed(y), t),
      callbacks: [
        {
          onEpochEnd: () => {
            lambda *= 2;
          },
        },
      ],
    };
  },
};

/** Cases that `fit` runs op by op; all others stay compiled. */
const opByOp: readonly string[] = ["a counter in the loss that decides"];

describe("K18: fit follows: variables of the loss", () => {
  for (const [name, make] of Object.entries(cases)) {
    test(name, async () => {
      const { plain, compiled, warnings } = await both(make, {});
      expect((plain.outcome as Error).message).toBe(undefined);
      expect(compiled).toEqual(plain);
      expect(warnings).toBe(opByOp.includes(name) ? 1 : 0);
    });
  }
});

describe("R1: a compiled function that the loss calls", () => {
  test("gives constants of a constant, as without the compiled step", async () => {
    const penalty = compile((y: Tensor) => y.square().mean());
    const weigh = (y: Tensor): Tensor => penalty(y.detach());
    const { plain, compiled } = await both(
      () => ({ loss: (y, t) => crossEntropy(y, t).add(weigh(y)).mul(weigh(y)) }),
      {},
    );
    expect((plain.outcome as Error).message).toBe(undefined);
    expect(compiled).toEqual(plain);
  });

  test("is refused where a gradient would have to flow through it", async () => {
    const penalty = compile((y: Tensor) => y.square().mean());
    const { plain, compiled } = await both(
      () => ({ loss: (y, t) => crossEntropy(y, t).add(penalty(y)) }),
      {},
    );
    for (const { outcome } of [plain, compiled]) {
      expect((outcome as Error).message).toMatch(
        /no gradient flows through the result of a compiled function/,
      );
    }
  });

  test("is a part of the compiled step, in which its variables count", async () => {
    const outcomes = [];
    for (const wrap of [(f: (y: Tensor) => Tensor) => f, (f: (y: Tensor) => Tensor) => compile(f)]) {
      const changes = (): Changes => {
        let beta = 1;
        const scale = wrap((y) => y.detach().abs().mean().mul(beta));
        const onBatchEnd = (): void => {
          beta *= 0.9;
        };
        return { loss: (y, t) => crossEntropy(y, t).mul(scale(y)), callbacks: [{ onBatchEnd }] };
      };
      outcomes.push(await both(changes, {}));
    }
    const [plain, inside] = outcomes;
    expect(inside.compiled).toEqual(plain.plain);
    expect(inside.plain).not.toEqual(plain.plain); // op by op it keeps the variable of its first call
  });
});
