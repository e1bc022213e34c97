import { crossEntropy, GradusError, type Tensor, tensor } from "@gradus/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { both, type Cases, scaled, through } from "./follow-support.ts";

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

/** A variable that changes once, after more steps than are always followed. */
const late: Cases = {
  "by a callback": () => {
    let beta = 1;
    const onBatchEnd = ({ step }: { step: number }): void => {
      if (step === 550) beta = 2;
    };
    return { loss: scaled(() => beta), callbacks: [{ onBatchEnd }] };
  },
  "by a callback, for the smaller last batch": () => {
    let beta = 1;
    const onBatchEnd = ({ step }: { step: number }): void => {
      if (step === 551) beta = 2;
    };
    return { loss: (y, t) => scaled(() => (y.shape[0] === 2 ? beta : 1))(y, t), callbacks: [{ onBatchEnd }] };
  },
  "by an event": () => {
    let beta = 1;
    const onEpochEnd = ({ epoch }: { epoch: number }): unknown => {
      if (epoch !== 190) return;
      return new Promise<void>((resolve) => {
        setTimeout(() => {
          beta = 2;
          resolve();
        }, 1);
      });
    };
    return { loss: scaled(() => beta), callbacks: [{ onEpochEnd }] };
  },
};

describe("K18: fit follows a change after many steps without one", () => {
  for (const [name, make] of Object.entries(late)) {
    test(name, async () => {
      const { plain, compiled } = await both(make, { epochs: 200 });
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
