import { crossEntropy, GradusError, type Tensor } from "@gradus/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { both, type Cases, type Changes, firstOf } from "../follow-support.ts";
import { nets, plain, sometimes, steepness } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const refused: Cases = {
  "a loss that keeps the output of the call before": () => {
    let [calls, before] = [0, null as Tensor | null];
    return {
      loss: (y, t) => {
        const kept = before;
        before = y;
        return crossEntropy(calls++ === 100 && kept ? y.add(kept.sum()) : y, t);
      },
    };
  },
  "a loss that keeps what the output was computed from": () => {
    let [calls, before] = [0, null as Tensor | null];
    return {
      loss: (y, t) => {
        const kept = before;
        before = y.record?.inputs[0] ?? null;
        return crossEntropy(calls++ === 100 && kept ? y.add(kept.sum()) : y, t);
      },
    };
  },
  "a loss that asks for gradients of its call before": (net) => {
    let [calls, before] = [0, null as Tensor | null];
    return {
      loss: (y, t) => {
        const kept = before;
        before = crossEntropy(y, t);
        return calls++ === 100 && kept ? before.mul(steepness(net, kept)) : before;
      },
    };
  },
};

test("K18: backward refuses a weight that the loss changes after the net has used it, as without compile", async () => {
  const { plain: without, compiled } = await both(
    (net) => ({
      loss: sometimes(
        (call) => call === 100,
        plain,
        (y, t) => {
          firstOf(net).assign(firstOf(net).data.map((v) => 2 * v));
          return crossEntropy(y, t);
        },
      ),
    }),
    { epochs: 60 },
  );
  expect((without.outcome as Error).message).toMatch(/was changed in place after it was used/);
  expect(compiled.outcome).toEqual(without.outcome);
});

describe.each(nets)("K18: fit, which runs the loss alone, refuses, for %s,", (_, makeNet) => {
  for (const [name, make] of Object.entries(refused)) {
    test(name, async () => {
      const changes = (): Changes => {
        const net = makeNet();
        return { net, ...make(net) };
      };
      const { compiled } = await both(changes, { epochs: 60 });
      expect(compiled.outcome).toBeInstanceOf(GradusError);
      expect((compiled.outcome as Error).message).toMatch(/compile: false/);
    });
  }
});
