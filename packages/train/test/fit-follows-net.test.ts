import { crossEntropy, type Tensor, tensor } from "@gradus/core";
import { Dense, type Layer, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { both, type Cases, firstOf, scaled, through } from "./follow-support.ts";
import { points, trainingRng } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const forward: Cases = {
  "a forward that counts its calls": (net) => {
    let calls = 0;
    return { net: through(net, (x) => x.mul(1 + calls++)) };
  },
  "a forward that counts its calls in a field": (net) => {
    const counter = { calls: 0, forward: (x: Tensor) => x.mul(1 + (counter.calls++ > 4 ? 1 : 0)) };
    return { net: new Sequential(net, counter) };
  },
  "a temperature that a callback changes": (net) => {
    let temperature = 1;
    return {
      net: through(net, (x) => x.div(temperature)),
      callbacks: [
        {
          onEpochEnd: () => {
            temperature /= 2;
          },
        },
      ],
    };
  },
  "a layer that is switched off": (net) => {
    let on = true;
    return {
      net: through(net, (x) => (on ? x.tanh() : x)),
      callbacks: [
        {
          onEpochEnd: () => {
            on = !on;
          },
        },
      ],
    };
  },
  "noise whose spread changes": (net) => {
    let std = 0.1;
    const noisy: Layer = {
      forward: (x, mode) => (mode?.train ? x.add(mode.rng.normal(x.shape, { std })) : x),
    };
    return {
      net: new Sequential(net, noisy),
      callbacks: [
        {
          onEpochEnd: () => {
            std *= 3;
          },
        },
      ],
    };
  },
  "a stream that is made in each step": (net) => {
    const noisy: Layer = {
      forward: (x, mode) => (mode?.train ? x.add(mode.rng.split("noise").normal(x.shape)) : x),
    };
    return { net: new Sequential(net, noisy) };
  },
  "a tensor that is made once": (net) => {
    let shift: Tensor | undefined;
    return {
      net: through(net, (x) => {
        shift ??= tensor([1, 2]);
        return x.add(shift);
      }),
      callbacks: [{ onEpochEnd: () => void shift?.assign([3, 4]) }],
    };
  },
  "a tensor that is replaced": (net) => {
    let shift = tensor([1, 2]);
    return {
      net: through(net, (x) => x.add(shift)),
      callbacks: [
        {
          onEpochEnd: () => {
            shift = tensor([shift.data[0] + 1, 0]);
          },
        },
      ],
    };
  },
  "weights that are frozen during training": (net) => {
    let frozen = false;
    const weight = new Dense(2, 2, { rng: trainingRng() }).weight;
    const layer = { weight, forward: (x: Tensor) => x.matmul(frozen ? weight.detach() : weight) };
    return {
      net: new Sequential(net, layer),
      optimizer: new SGD(namedParameters(net), { learningRate: 0.1 }),
      callbacks: [
        {
          onEpochEnd: () => {
            frozen = !frozen;
          },
        },
      ],
    };
  },
};

const numbers: Cases = {
  "item() of a tensor that a callback assigns": () => {
    const kt = tensor(1);
    return {
      loss: scaled(() => kt.item()),
      callbacks: [{ onEpochEnd: () => void kt.assign([kt.item() * 2]) }],
    };
  },
  "a tensor that a callback assigns": () => {
    const kt = tensor(1);
    return { loss: scaled(() => kt), callbacks: [{ onBatchEnd: () => void kt.assign([kt.item() * 0.9]) }] };
  },
  "item() of a weight": (net) => ({ loss: scaled(() => 1 + firstOf(net).data[0] ** 2) }),
  "toArray() of a weight": (net) => ({
    loss: scaled(() => 1 + Math.abs((firstOf(net).toArray() as number[][])[0][1])),
  }),
  "item() of the loss": () => ({
    loss: (y, t) => {
      const loss = crossEntropy(y, t);
      return loss.item() > 0.5 ? loss : loss.mul(2);
    },
  }),
  "item() of the loss, beside a counter": () => {
    let calls = 0;
    return {
      loss: (y, t) => {
        const loss = crossEntropy(y, t).mul(1 + calls++);
        return loss.item() > 0.5 ? loss : loss.mul(2);
      },
    };
  },
  "a weight that forward assigns before it is used": (net) => {
    const limit: Layer = {
      forward: (x) => {
        firstOf(net).assign(firstOf(net).data.map((w) => Math.min(0.2, w)));
        return x;
      },
    };
    return { net: new Sequential(limit, net) };
  },
  "the running mean of a layer": (net) => ({
    loss: scaled(() => 1 + (net.layers[1] as unknown as { runningMean: Tensor }).runningMean.data[0] ** 2),
  }),
};

const validation: Cases = {
  "a variable of the loss, changed at the end of an epoch": () => {
    let beta = 1;
    return {
      loss: scaled(() => beta),
      validation: points(5, "v"),
      callbacks: [
        {
          onEpochEnd: () => {
            beta *= 10;
          },
        },
      ],
    };
  },
  "a forward that counts evaluations": (net) => {
    let calls = 0;
    const layer: Layer = { forward: (x, mode) => (mode?.train ? x : x.mul(1 + calls++)) };
    return { net: new Sequential(net, layer), validation: points(9, "v") };
  },
  "a switch of the last batch, which is smaller": (net) => {
    let on = false;
    return {
      net: through(net, (x) => (on && x.shape[0] === 1 ? x.mul(2) : x)),
      validation: points(9, "v"),
      callbacks: [
        {
          onEpochEnd: () => {
            on = !on;
          },
        },
      ],
    };
  },
};

/** Cases that `fit` runs op by op; all others stay compiled. */
const opByOp: readonly string[] = [
  "item() of the loss",
  "item() of the loss, beside a counter",
  "the running mean of a layer",
];

for (const [what, cases] of Object.entries({ forward, numbers, validation })) {
  describe(`K18: fit follows: ${what}`, () => {
    for (const [name, make] of Object.entries(cases)) {
      test(name, async () => {
        const { plain, compiled, warnings } = await both(make, {});
        expect((plain.outcome as Error).message).toBe(undefined);
        expect(compiled).toEqual(plain);
        expect(warnings).toBe(opByOp.includes(name) ? 1 : 0);
      });
    }
  });
}
