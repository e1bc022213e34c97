import { createRng, crossEntropy, GradusError, type Tensor, tensor } from "@gradus/core";
import { Dense, type Layer, Tanh } from "@gradus/nn";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Callback, Loss } from "../src/index.ts";
import { both, type Cases, firstOf, scaled, through } from "./follow-support.ts";
import { points } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const refused: Cases = {
  "the result of the call before": (net) => {
    let before: Tensor | undefined;
    const layer = (x: Tensor): Tensor => {
      const y = x.mul(before && before.shape[0] === x.shape[0] ? before.detach() : x);
      before = x;
      return y;
    };
    return { net: through(net, layer) };
  },
  "a tensor that is assigned after an op has used it": () => {
    const center = tensor([1, 0]);
    return {
      loss: (y, t) => {
        const loss = crossEntropy(y.sub(center), t);
        center.assign([center.data[0] * 2, 0]);
        return loss;
      },
    };
  },
  "a constant that is written to after an op has used it": () => ({
    loss: (y, t) => {
      const center = tensor([1, 0]);
      const loss = crossEntropy(y.mul(center), t);
      center.data[0] = 2;
      return loss;
    },
  }),
  "the output, read in a callback": () => {
    let output: Tensor | undefined;
    return {
      loss: (y, t) => {
        output = y;
        return crossEntropy(y, t);
      },
      callbacks: [{ onBatchEnd: () => void output?.data[0] }],
    };
  },
};

/** The step after which something changes, and the last one of a training of 60 epochs with three steps each. */
const [LATE, LAST] = [151, 180];

/** Runs code after one step. */
const after = (when: number, run: () => void): Callback => ({
  onBatchEnd: ({ step }) => {
    if (step === when) run();
  },
});

/** Losses and nets that change once, late. */
const late: Cases = {
  "by a callback": () => {
    let beta = 1;
    return {
      loss: scaled(() => beta),
      callbacks: [
        after(LATE, () => {
          beta = 2;
        }),
      ],
    };
  },
  "by a callback, for the smaller last batch": () => {
    let beta = 1;
    const loss: Loss = (y, t) => scaled(() => (y.shape[0] === 2 ? beta : 1))(y, t);
    return {
      loss,
      callbacks: [
        after(LATE, () => {
          beta = 2;
        }),
      ],
    };
  },
  "by a callback, for one step": () => {
    let beta = 1;
    const onBatchEnd = ({ step }: { step: number }): void => {
      beta = step === LATE ? 2 : 1;
    };
    return { loss: scaled(() => beta), callbacks: [{ onBatchEnd }] };
  },
  "by a callback, for the last step": () => {
    let beta = 1;
    return {
      loss: scaled(() => beta),
      callbacks: [
        after(LAST - 1, () => {
          beta = 2;
        }),
      ],
    };
  },
  "by an event": () => {
    let beta = 1;
    const onEpochEnd = ({ epoch }: { epoch: number }): unknown => {
      if (epoch !== 50) return;
      return new Promise<void>((resolve) => {
        setTimeout(() => {
          beta = 2;
          resolve();
        }, 1);
      });
    };
    return { loss: scaled(() => beta), callbacks: [{ onEpochEnd }] };
  },
  "by a promise": () => {
    let [beta, calls] = [1, 0];
    return {
      loss: scaled(() => {
        if (calls++ === LATE) Promise.resolve().then(() => beta++);
        return beta;
      }),
    };
  },
  "by a count of its calls": () => {
    let calls = 0;
    return { loss: scaled(() => (calls++ < LATE ? 1 : 2)) };
  },
  "by a count of its calls, for one step": () => {
    let calls = 0;
    return { loss: scaled(() => (calls++ === LATE ? 2 : 1)) };
  },
  "by a count of its calls, for the last step": () => {
    let calls = 0;
    return { loss: scaled(() => (calls++ === LAST ? 2 : 1)) }; // one call is that of the trial
  },
  "by the time": () => {
    let now = 0;
    vi.spyOn(Date, "now").mockImplementation(() => now++);
    return { loss: scaled(() => (Date.now() > LATE ? 2 : 1)) };
  },
  "by random numbers that rarely matter": () => {
    const rng = createRng("rarely");
    const numbers = { random: () => rng.next() };
    return { loss: scaled(() => (numbers.random() < 0.01 ? 2 : 1)) };
  },
  "by an entry of a Map": () => {
    const map = new Map([["beta", 1]]);
    return {
      loss: scaled(() => map.get("beta") as number),
      callbacks: [after(LATE, () => void map.set("beta", 2))],
    };
  },
  "by a new tensor of the same shape": () => {
    let beta = tensor(1);
    return {
      loss: scaled(() => beta),
      callbacks: [
        after(LATE, () => {
          beta = tensor(2);
        }),
      ],
    };
  },
  "in validation, in the last epoch": () => {
    let calls = 0;
    return {
      validation: points(5, "v"),
      // Of the 300 calls and those of the trials, the last two are those of the last validation.
      loss: scaled(() => (calls++ > 299 ? 2 : 1)),
    };
  },
  "in the fields of a layer of gradus, for one step": (net) => {
    const dropout = net.layers[2] as unknown as { p: number };
    const onBatchEnd = ({ step }: { step: number }): void => {
      dropout.p = step === LATE ? 0.75 : 0.25;
    };
    return { callbacks: [{ onBatchEnd }] };
  },
  "in the list of layers": (net) => ({
    callbacks: [after(LATE, () => void (net.layers as Layer[]).push(new Tanh()))],
  }),
  "by an activation of a program, which counts": (net) => {
    let calls = 0;
    const activation = (x: Tensor): Tensor => (calls++ === 10 ? x.mul(2) : x);
    return { callbacks: [after(LATE, () => void Object.assign(net.layers[0], { activation }))] };
  },
  "by a weight that no longer learns": (net) => ({
    callbacks: [after(LATE, () => void Object.assign(firstOf(net), { tracked: false }))],
  }),
  "by a replaced method": (net) => {
    const { forward } = Dense.prototype;
    const patched = function (this: Dense, x: Tensor): Tensor {
      return forward.call(this, x).mul(2);
    };
    return {
      net,
      callbacks: [
        after(LATE, () => void vi.spyOn(Dense.prototype, "forward").mockImplementation(patched)),
        { onTrainEnd: () => void vi.restoreAllMocks() },
      ],
    };
  },
};

describe("K18: fit follows a change after many steps without one", () => {
  for (const [name, make] of Object.entries(late)) {
    test(name, async () => {
      const { plain, compiled } = await both(make, { epochs: 60 });
      const constant = await both(() => ({ validation: points(5, "v") }), { epochs: 60 });
      expect(plain).not.toEqual(constant.plain);
      expect(compiled).toEqual(plain);
    });
  }
});

describe("K18: fit refuses to compile", () => {
  for (const [name, make] of Object.entries(refused)) {
    test(name, async () => {
      const { compiled } = await both(make, {});
      expect(compiled.outcome).toBeInstanceOf(GradusError);
      expect((compiled.outcome as Error).message).toMatch(/compile: false/);
    });
  }
});
