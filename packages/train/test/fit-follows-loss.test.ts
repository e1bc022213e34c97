import { backward, crossEntropy, mul, type Tensor, tanh, tensor, variable } from "@gradus/core";
import { BatchNorm, Dense, type Layer, Sequential } from "@gradus/nn";
import { afterEach, describe, expect, test, vi } from "vitest";
import { nets, plain, sometimes, steepness } from "./fit-follows-loss/support.ts";
import { both, type Cases, type Changes, firstOf } from "./follow-support.ts";
import { smallNet, trainingRng } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Of 60 epochs with three steps each, the last step; one more call is that of the trial. */
const LAST = 180;

const rarely = (call: number): boolean => call % 60 === 59;

/** Losses over a net of gradus' own layers: the net does not run in most steps, and must not be missed. */
const cases: Cases = {
  "a loss that reads a parameter": (net) => ({
    loss: (y, t) => crossEntropy(y, t).add(firstOf(net).square().sum().mul(0.01)),
  }),
  "a loss that reads a parameter in some calls": (net) => ({
    loss: sometimes(rarely, plain, (y, t) => crossEntropy(y, t).add(firstOf(net).square().sum())),
  }),
  "a loss that reads a number of a parameter": (net) => ({
    loss: (y, t) => crossEntropy(y, t).mul(1 + firstOf(net).data[0]),
  }),
  "a loss that calls a second layer": () => {
    const second = new Dense(2, 2, { rng: trainingRng() });
    return { loss: (y, t) => crossEntropy(second.forward(y), t) };
  },
  "a loss that calls a second layer whose field changes": () => {
    const second = new Dense(2, 2, { rng: trainingRng() });
    const onBatchEnd = ({ step }: { step: number }): void => {
      if (step === 100) Object.assign(second, { bias: null });
      if (step === 120) second.weight.assign([1, 2, 3, 4]);
    };
    return { loss: (y, t) => crossEntropy(second.forward(y), t), callbacks: [{ onBatchEnd }] };
  },
  "a loss that calls the net again": () => {
    const net = new Sequential(new Dense(2, 2, { rng: trainingRng(), activation: tanh }));
    return {
      net,
      loss: (y, t) =>
        crossEntropy(y, t).add(
          net
            .forward(tensor([[1, 2]]))
            .square()
            .mean(),
        ),
    };
  },
  "a loss that asks for gradients in each call": (net) => ({
    loss: (y, t) => {
      const loss = crossEntropy(y, t);
      return loss.add(steepness(net, loss).mul(0.1));
    },
  }),
  "a loss that asks for gradients in some calls": (net) => ({
    loss: sometimes(rarely, plain, (y, t) => {
      const loss = crossEntropy(y, t);
      return loss.mul(steepness(net, loss));
    }),
  }),
  "a loss that asks for gradients of gradients in some calls": (net) => ({
    loss: sometimes(rarely, plain, (y, t) => {
      const loss = crossEntropy(y, t);
      const g = backward(loss, { differentiable: true }).of(firstOf(net));
      return loss.add(g.square().sum());
    }),
  }),
  "a loss that asks how the output was computed, in some calls": () => ({
    loss: sometimes(rarely, plain, (y, t) => {
      const [x] = y.record?.inputs ?? [y];
      return crossEntropy(mul(y, x.abs().mean()), t);
    }),
  }),
  "a loss that asks for the numbers of the output, in the last call": () => ({
    loss: sometimes(
      (call) => call === LAST,
      plain,
      (y, t) => crossEntropy(y.mul(y.data[0]), t),
    ),
  }),
  "a loss that gives another op in the last call": () => ({
    loss: sometimes(
      (call) => call === LAST,
      plain,
      (y, t) => crossEntropy(y, t).square(),
    ),
  }),
  "a loss that leaves an op out in the last call": () => ({
    loss: sometimes(
      (call) => call === LAST,
      (y, t) => crossEntropy(y, t).square(),
      plain,
    ),
  }),
  "a loss that detaches the output in the last call but one": () => ({
    loss: sometimes(
      (call) => call === LAST - 1,
      (y, t) => crossEntropy(y, t).add(y.square().sum()),
      (y, t) => crossEntropy(y, t).add(y.detach().square().sum()),
    ),
  }),
  "a loss that throws away the output in some calls": (net) => ({
    loss: sometimes(rarely, plain, (y, t) => crossEntropy(y.mul(0), t).add(firstOf(net).sum())),
  }),
  "a field that changes between steps, and a loss that changes in the same step": (net) => {
    const dropout = net.layers[2] as unknown as { p: number };
    let beta = 1;
    const onBatchEnd = ({ step }: { step: number }): void => {
      dropout.p = step % 50 === 0 ? 0.75 : 0.25;
      beta = step % 50 === 0 ? 2 : 1;
    };
    return { loss: (y, t) => crossEntropy(y, t).mul(beta), callbacks: [{ onBatchEnd }] };
  },
  "a field that the loss changes": (net) => {
    const dropout = net.layers[2] as unknown as { p: number };
    return {
      loss: sometimes(rarely, plain, (y, t) => {
        dropout.p = dropout.p === 0.25 ? 0.5 : 0.25;
        return crossEntropy(y, t);
      }),
    };
  },
  "a net that counts what it has seen": () => {
    const norm = new BatchNorm(3);
    const rng = trainingRng();
    const net = new Sequential(new Dense(2, 3, { rng }), norm, new Dense(3, 2, { rng }));
    let beta = 1;
    const onBatchEnd = (): void => {
      beta *= 0.99;
    };
    return { net, loss: (y, t) => crossEntropy(y, t).mul(beta), callbacks: [{ onBatchEnd }] };
  },
  "a net that counts what it has seen, and a loss that reads the counts in some calls": () => {
    const norm = new BatchNorm(3);
    const rng = trainingRng();
    const net = new Sequential(new Dense(2, 3, { rng }), norm, new Dense(3, 2, { rng }));
    const mean = (norm as unknown as { readonly runningMean: Tensor }).runningMean;
    return {
      net,
      loss: sometimes(rarely, plain, (y, t) => crossEntropy(y, t).mul(1 + mean.data[0])),
    };
  },
  "a net that gives its input": () => {
    const scale = variable(tensor([1, 2]));
    const net: Layer = new Sequential(new Sequential());
    const inner = smallNet();
    return {
      net: new Sequential(inner, net),
      loss: sometimes(rarely, plain, (y, t) => crossEntropy(y.mul(scale), t)),
    };
  },
};

describe.each(nets)("K18: fit runs the loss alone, and follows, for %s,", (_, makeNet) => {
  for (const [name, make] of Object.entries(cases)) {
    test(name, async () => {
      const changes = (): Changes => {
        const net = makeNet();
        return { net, ...make(net) };
      };
      const { plain, compiled } = await both(changes, { epochs: 60 });
      expect((plain.outcome as Error).message).toBe(undefined);
      expect(compiled).toEqual(plain);
    });
  }

  test("a loss that throws in the last call, after the net has drawn", async () => {
    const { plain: without, compiled } = await both(
      () => ({
        loss: sometimes(
          (call) => call === LAST,
          plain,
          () => {
            throw new Error("mine");
          },
        ),
      }),
      { epochs: 60 },
    );
    expect((without.outcome as Error).message).toMatch(/mine/);
    expect(compiled).toEqual(without);
  });
});
