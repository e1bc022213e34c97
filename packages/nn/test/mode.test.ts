import { ArgumentError, createRng, ones, restoreRng, type Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dense, Dropout, type Layer, type Mode, RReLU, Sequential, trainingRng } from "../src/index.ts";

const layer = new Dropout(0.5);
const x = ones([4, 50]);

describe("mode", () => {
  test("training without a random stream does not compile, and is refused where it is not compiled", () => {
    const net = new Sequential(layer);
    // @ts-expect-error a mode { train: true } needs an rng
    expect(() => net.forward(x, { train: true })).toThrow(
      /^Dropout\(0.5\): training needs a random stream, got undefined; call forward\(x, \{ train: true, rng: createRng/,
    );
  });

  test("anything but the two modes is refused", () => {
    for (const mode of [true, {}, { train: 1 }, "train", null]) {
      expect(() => layer.forward(x, mode as unknown as Mode), String(mode)).toThrow(ArgumentError);
    }
    expect(() => layer.forward(x, { train: true, rng: 5 } as unknown as Mode)).toThrow(/got 5/);
  });

  test("evaluation is the default and returns the input itself", () => {
    expect(layer.forward(x)).toBe(x);
    expect(layer.forward(x, { train: false })).toBe(x);
    expect(trainingRng(undefined, layer)).toBe(null);
  });

  test("a layer that ignores the mode accepts one", () => {
    const dense = new Dense(50, 2, { rng: createRng(0) });
    expect(dense.forward(x, { train: true, rng: createRng(1) }).data).toEqual(dense.forward(x).data);
  });
});

describe("the streams of training", () => {
  const net = new Sequential(new Dropout(0.5), new RReLU(), new Dropout(0.2));
  const train = (rng = createRng("masks"), of: Layer = net): Tensor => of.forward(x, { train: true, rng });

  test("the same stream gives other numbers at every step, and the same ones for the same seed", () => {
    const rng = createRng(0);
    const steps = [train(rng), train(rng), train(rng)].map(({ data }) => data.join());
    expect(new Set(steps).size).toBe(3);
    const again = createRng(0);
    expect([train(again), train(again), train(again)].map(({ data }) => data.join())).toEqual(steps);
  });

  test("seed 0 differs from other seeds", () => {
    expect(train(createRng(0)).data).toEqual(train(createRng(0)).data);
    expect(train(createRng(0)).data).not.toEqual(train(createRng(1)).data);
  });

  test("the state of the stream is enough to resume", () => {
    const rng = createRng("run");
    train(rng);
    const saved = rng.state();
    const next = [train(rng), train(rng)].map(({ data }) => data);
    const restored = restoreRng(saved);
    expect([train(restored), train(restored)].map(({ data }) => data)).toEqual(next);
  });

  test("two layers of one net draw different numbers", () => {
    const [first, second] = [new Dropout(0.5), new Dropout(0.5)];
    const rng = createRng(3);
    expect(train(rng, first).data).not.toEqual(train(rng, second).data);
  });

  test("a layer added at the end does not change the numbers of the layers before it", () => {
    const masked: Tensor[] = [];
    const spy: Layer = {
      forward: (value) => {
        masked.push(value);
        return value;
      },
    };
    train(createRng(1), new Sequential(new Dropout(0.5), spy));
    train(createRng(1), new Sequential(new Dropout(0.5), spy, new Dropout(0.5), new RReLU()));
    expect(masked[1].data).toEqual(masked[0].data);
  });

  test("drawing does not change streams that were split off", () => {
    const rng = createRng("run");
    const before = rng.split("order").permutation(20);
    train(rng);
    expect(rng.split("order").permutation(20)).toEqual(before);
  });

  test("evaluation, and dropout of nothing or everything, draw no numbers", () => {
    const rng = createRng(1);
    net.forward(x);
    train(rng, new Sequential(new Dropout(0), new Dropout(1)));
    expect(rng.state().position).toBe(0);
  });

  test("the number of draws does not depend on the data", () => {
    const [a, b] = [createRng(1), createRng(1)];
    net.forward(ones([3, 3]), { train: true, rng: a });
    net.forward(ones([3, 3]).neg(), { train: true, rng: b });
    expect(a.state()).toEqual(b.state());
  });
});
