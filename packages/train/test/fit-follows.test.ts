import { crossEntropy, defineOp, GradusError, mul, type Parameter, type Tensor, tensor } from "@gradus/core";
import { Dense, type Layer, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type FitOptions, fit } from "../src/index.ts";
import { bitsOf, optionsFor, points, smallNet, trainingRng } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a case changes of a training; `net` replaces the net. Made anew for each training, with variables of its own. */
type Changes = Partial<FitOptions> & { readonly net?: Layer };
type Cases = Record<string, (net: Sequential) => Changes>;

/** A net whose output goes through a function. */
const through = (net: Sequential, f: (x: Tensor) => Tensor): Layer => new Sequential(net, { forward: f });

const scaled =
  (scale: () => number | Tensor) =>
  (y: Tensor, t: Tensor): Tensor =>
    crossEntropy(y, t).mul(scale());

/** The first weights of a net. */
const firstOf = (net: Sequential): Parameter => namedParameters(net)[0][1];

const variables: Cases = {
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
  "a counter in the loss that decides",
  "item() of the loss",
  "item() of the loss, beside a counter",
  "the running mean of a layer",
];

/** How many warnings the last training gave. */
let warnings = 0;

/** Trains with and without `compile`. */
async function both(make: (net: Sequential) => Changes, changes: Partial<FitOptions>): Promise<unknown[]> {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const outcomes: unknown[] = [];
  for (const compile of [false, true]) {
    const inner = smallNet();
    const { net = inner, ...given } = make(inner);
    const options = optionsFor(net, { epochs: 4, ...changes, ...given, compile });
    const outcome = await fit(net, points(10), options).then(
      ({ epochs }) => epochs.map(({ seconds: _, ...values }) => values),
      (error: unknown) => error,
    );
    outcomes.push({ outcome, bits: bitsOf(net) });
  }
  warnings = warn.mock.calls.length;
  return outcomes;
}

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
      const [plain, compiled] = await both(make, { epochs: 200 });
      expect(compiled).toEqual(plain);
    });
  }
});

describe("K18: fit refuses to compile", () => {
  for (const [name, make] of Object.entries(refused)) {
    test(name, async () => {
      const [, compiled] = await both(make, {});
      expect((compiled as { outcome: unknown }).outcome).toBeInstanceOf(GradusError);
      expect((compiled as { outcome: Error }).outcome.message).toMatch(/compile: false/);
    });
  }
});

for (const [what, cases] of Object.entries({ variables, forward, numbers, validation })) {
  describe(`K18: fit follows: ${what}`, () => {
    for (const [name, make] of Object.entries(cases)) {
      test(name, async () => {
        const [plain, compiled] = await both(make, {});
        expect((plain as { outcome: Error }).outcome.message).toBe(undefined);
        expect(compiled).toEqual(plain);
        expect(warnings).toBe(opByOp.includes(name) ? 1 : 0);
      });
    }
  });
}
