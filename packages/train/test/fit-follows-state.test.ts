import { crossEntropy, full, Parameter, type Tensor, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { compile } from "@gradus/engine";
import { BatchNorm, Dense, type Layer, namedParameters, Sequential } from "@gradus/nn";
import { Adam, SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { evaluate } from "../src/index.ts";
import { both, type Cases, firstOf, scaled, through } from "./follow-support.ts";
import { points, smallNet, trainingRng } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A layer that looks up its function in each call. */
class Switched implements Layer {
  activation = (x: Tensor): Tensor => x.tanh();
  forward(x: Tensor): Tensor {
    return this.activation(x);
  }
}

/** Where a program may keep what its loss or net depends on. */
const cases: Cases = {
  "an array in a closure": () => {
    const scales = [1, 2];
    return { loss: scaled(() => scales[0]), callbacks: [{ onBatchEnd: () => void scales.reverse() }] };
  },
  "a Map": () => {
    const map = new Map([["beta", 1]]);
    const onEpochEnd = ({ epoch }: { epoch: number }): void => void map.set("beta", 1 + epoch);
    return { loss: scaled(() => map.get("beta") as number), callbacks: [{ onEpochEnd }] };
  },
  "a Set that decides": () => {
    const set = new Set<string>();
    return {
      loss: (y, t) => (set.has("square") ? crossEntropy(y, t).square() : crossEntropy(y, t)),
      callbacks: [{ onEpochEnd: () => void (set.has("square") ? set.clear() : set.add("square")) }],
    };
  },
  "a Set that grows in the loss": () => {
    const set = new Set<Tensor>();
    return { loss: scaled(() => set.add(tensor(1)).size) };
  },
  "the time": () => {
    let now = 0;
    const clock = { now: () => now++ };
    return { loss: scaled(() => 1 + clock.now() / 10) };
  },
  "a getter": () => {
    let reads = 0;
    const schedule = {
      get beta() {
        return 1 / ++reads;
      },
    };
    return { loss: scaled(() => schedule.beta) };
  },
  "a generator": () => {
    const numbers = (function* () {
      for (let i = 1; ; i++) yield i;
    })();
    return { loss: scaled(() => numbers.next().value as number) };
  },
  "a typed array that is written to": () => {
    const values = new Float64Array([1, 1]);
    return {
      loss: (y, t) => crossEntropy(y.mul(tensor([...values])), t),
      callbacks: [{ onBatchEnd: () => void values[1]++ }],
    };
  },
  "a promise that changes a variable between two batches": () => {
    let beta = 1;
    const onBatchEnd = (): void => void Promise.resolve().then(() => beta++);
    return { loss: scaled(() => beta), callbacks: [{ onBatchEnd }] };
  },
  "a loss that is another one in each second epoch, by its own count": () => {
    let calls = 0;
    return {
      loss: (y, t) => (Math.floor(calls++ / 3) % 2 ? crossEntropy(y, t).square() : crossEntropy(y, t)),
    };
  },
  "two nets that share their layers": (net) => {
    const shared = new Sequential(net.layers[0], net.layers[3]);
    const { inputs } = points(3).batch(Uint32Array.of(0, 1));
    return { loss: (y, t) => crossEntropy(y, t).add(shared.forward(inputs).square().mean()) };
  },
  "one layer twice in a net": () => {
    const layer = new Dense(2, 2, { rng: trainingRng() });
    return { net: new Sequential(layer, layer) };
  },
  "a weight that is replaced by a new Parameter": (net) => {
    const layer = { weight: new Parameter([1, 2]) };
    return {
      net: through(net, (x) => x.mul(layer.weight)),
      callbacks: [
        {
          onEpochEnd: () => {
            layer.weight = new Parameter([2, 3]);
          },
        },
      ],
    };
  },
  "an activation that is replaced": (net) => {
    const layer = new Switched();
    return {
      net: new Sequential(net, layer),
      callbacks: [
        {
          onEpochEnd: () => {
            layer.activation = (x) => x.sigmoid();
          },
        },
      ],
    };
  },
  "layers that are pushed": (net) => {
    const layers: Layer[] = [];
    return {
      net: through(net, (x) => layers.reduce((y, layer) => layer.forward(y), x)),
      callbacks: [{ onEpochEnd: () => void layers.push({ forward: (x) => x.tanh() }) }],
    };
  },
  "a layer with statistics that is taken out": (net) => {
    const layers: Layer[] = [new BatchNorm(2)];
    return {
      net: through(net, (x) =>
        layers.reduce((y, layer) => layer.forward(y, { train: true, rng: trainingRng() }), x),
      ),
      callbacks: [{ onEpochEnd: () => void layers.pop() }],
    };
  },
  "a rate of one's own, in the optimizer's schedule": (net) => {
    const options = { rate: 0.1 };
    return {
      optimizer: new SGD(namedParameters(net), { learningRate: () => options.rate }),
      callbacks: [
        {
          onBatchEnd: () => {
            options.rate *= 0.9;
          },
        },
      ],
    };
  },
  "a second optimizer that steps in a callback": (net) => {
    const other = new Adam(namedParameters(net).slice(0, 1));
    const onBatchEnd = (): void => {
      other.step(new Map([[firstOf(net), full(firstOf(net).shape, 0.1)]]));
    };
    return { callbacks: [{ onBatchEnd }] };
  },
  "an optimizer that is restored": (net) => {
    const optimizer = new SGD(namedParameters(net), { learningRate: 0.1, momentum: 0.5 });
    const first = optimizer.state();
    return { optimizer, callbacks: [{ onEpochEnd: () => optimizer.restore(first) }] };
  },
  "a compiled function in the loss": () => {
    const scale = tensor(1);
    const square = compile((x: Tensor) => x.square().mul(scale));
    return {
      loss: scaled(() => square(tensor(2))),
      callbacks: [{ onEpochEnd: () => void scale.assign([scale.item() + 1]) }],
    };
  },
  "a weight that is written to directly": (net) => ({
    callbacks: [
      {
        onBatchEnd: () => {
          firstOf(net).data[0] = 0.5;
        },
      },
    ],
  }),
  "weights that are copied from another net": (net) => {
    const other = smallNet("other");
    return { callbacks: [{ onEpochEnd: () => void firstOf(net).assign(firstOf(other)) }] };
  },
  "evaluate in a callback, with the same loss": (net) => {
    let beta = 1;
    const loss = scaled(() => beta);
    const onEpochEnd = (): void => {
      beta = 1 + evaluate(net, points(40), { loss }).loss;
    };
    return { loss, callbacks: [{ onEpochEnd }] };
  },
  "a target that is a tensor of the program": () => {
    const shift = tensor([0.5, 0.5]);
    return {
      loss: (y) => y.sub(shift).square().mean(),
      callbacks: [
        {
          onBatchEnd: () => {
            shift.data[0] += 1;
          },
        },
      ],
    };
  },
  "an exception that the loss catches": () => {
    let calls = 0;
    return {
      loss: (y, t) => {
        try {
          if (calls++ % 2) throw new Error("odd");
          return crossEntropy(y, t);
        } catch {
          return crossEntropy(y, t).mul(2);
        }
      },
    };
  },
};

describe("K18: fit follows, or refuses, what a program keeps in", () => {
  for (const [name, make] of Object.entries(cases)) {
    test(name, async () => {
      const { plain, compiled } = await both(make, {});
      expect((plain.outcome as Error).message).toBe(undefined);
      expect(compiled).toEqual(plain);
    });
  }

  test("data that a callback changes", async () => {
    const { plain, compiled } = await both(() => {
      const inputs = tensor([
        [0, 1],
        [1, 0],
        [1, 1],
        [0, 0],
      ]);
      const validation = new Dataset({ inputs, targets: Uint8Array.of(0, 1, 0, 1), classes: 2 });
      return { validation, callbacks: [{ onEpochEnd: () => void inputs.assign(inputs.mul(2)) }] };
    }, {});
    expect(compiled).toEqual(plain);
  });
});
