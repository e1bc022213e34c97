import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { createRng, type RngState, restoreRng } from "../src/index.ts";

test("seedrandom gives the numbers of its documentation", () => {
  expect(seedrandom("hello.")()).toBe(0.9282578795792454);
});

describe("seeds", () => {
  test("0 and the empty string are seeds, and a number is not the same seed as its text", () => {
    const first = ([0, "", "0", 1] as const).map((seed) => createRng(seed).next());
    expect(new Set(first).size).toBe(4);
    expect(createRng(0).next()).toBe(first[0]);
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [{}], [null], [undefined], [5n], [true]])(
    "refuses %s",
    (seed) => {
      expect(() => createRng(seed as unknown as number)).toThrow(
        /createRng: a seed is a string or a finite number, got/,
      );
    },
  );
});

describe("streams", () => {
  test("the same seed gives the same numbers", () => {
    const draw = (): unknown[] => {
      const rng = createRng("a");
      return [rng.next(), rng.normal([3]).toArray(), rng.integer(10), [...rng.permutation(5)]];
    };
    expect(draw()).toEqual(draw());
  });

  test("a split does not depend on the position of its parent", () => {
    const parent = createRng(1);
    const early = parent.split("dense1").next();
    parent.uniform([100]);
    expect(parent.split("dense1").next()).toBe(early);
  });

  test("fill refuses anything but a Float64Array, and the stream is as before", () => {
    const rng = createRng("fill");
    for (const wrong of [5, [1, 2], new Float32Array(2), undefined]) {
      expect(() => rng.fill(wrong as never)).toThrow("rng.fill: data must be a Float64Array, got");
    }
    expect(rng.next()).toBe(createRng("fill").next());
  });

  test("fill gives the numbers of next, across blocks", () => {
    const [a, b] = [createRng("fill"), createRng("fill")];
    const data = new Float64Array(700);
    a.fill(data);
    expect([...data]).toEqual(Array.from({ length: 700 }, () => b.next()));
    expect(a.state()).toEqual(b.state());
    expect(a.next()).toBe(b.next());
    // And where the upper word of the counter changes.
    const near = { ...a.state(), position: 2 ** 32 - 3 };
    const [c, d] = [restoreRng(near), restoreRng(near)];
    c.fill(data);
    expect([...data]).toEqual(Array.from({ length: 700 }, () => d.next()));
  });

  test("labels that join to the same text give different streams", () => {
    const rng = createRng(1);
    expect(rng.split("a/1:b").next()).not.toBe(rng.split("a").split("b").next());
    expect(() => rng.split({} as string)).toThrow(/a label is a string or number/);
  });

  test("1,000 neighbouring streams have the right moments, and no two are correlated", () => {
    const [count, n] = [1000, 256];
    // Uniform in ±√3, which has mean 0 and variance 1.
    const width = Math.sqrt(3);
    const streams = Array.from({ length: count }, (_, i) => {
      return createRng("root").split(i).uniform([n], { low: -width, high: width }).data;
    });
    const dot = (a: Float64Array, b: Float64Array): number => {
      let total = 0;
      for (let i = 0; i < n; i++) total += a[i] * b[i];
      return total;
    };
    const ones = new Float64Array(n).fill(1);
    // Each of these is about normal with the standard deviation 1: six of them is beyond what 500,000 draws reach.
    const means = streams.map((a) => dot(a, ones) / Math.sqrt(n));
    const variances = streams.map((a) => (dot(a, a) - n) / Math.sqrt(0.8 * n));
    expect(Math.max(...means.map(Math.abs), ...variances.map(Math.abs))).toBeLessThan(5);
    let [largest, squares] = [0, 0];
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) {
        const correlation = dot(streams[i], streams[j]) / Math.sqrt(n);
        largest = Math.max(largest, Math.abs(correlation));
        squares += correlation * correlation;
      }
    }
    const pairs = (count * (count - 1)) / 2;
    expect(largest).toBeLessThan(6);
    expect(Math.abs(squares / pairs - 1)).toBeLessThan(5 * Math.sqrt(2 / pairs));
    // The means of all streams together: neither too even nor too uneven.
    expect(Math.abs(means.reduce((total, mean) => total + mean * mean, 0) / count - 1)).toBeLessThan(
      5 * Math.sqrt(2 / count),
    );
  });

  test("a thousand streams taken together pass a Kolmogorov–Smirnov test at the 0.1 % level", () => {
    const first = Float64Array.from({ length: 1000 }, (_, i) =>
      createRng("root").split(`stream ${i}`).next(),
    ).sort();
    const distances = first.map((value, i) =>
      Math.max(Math.abs(value - i / 1000), Math.abs(value - (i + 1) / 1000)),
    );
    expect(Math.max(...distances)).toBeLessThan(1.95 / Math.sqrt(1000));
  });
});

describe("distributions", () => {
  const n = 200_000;
  const moments = (data: Float64Array): { mean: number; variance: number } => {
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    return { mean, variance: data.reduce((a, b) => a + (b - mean) * (b - mean), 0) / data.length };
  };

  test("uniform numbers fill [low, high) with the right mean and variance", () => {
    const { data } = createRng(7).uniform([n], { low: -1, high: 3 });
    const { mean, variance } = moments(data);
    expect(Math.min(...data.subarray(0, 1000))).toBeGreaterThanOrEqual(-1);
    expect(data.every((value) => value >= -1 && value < 3)).toBe(true);
    expect(Math.abs(mean - 1)).toBeLessThan((5 * Math.sqrt(16 / 12)) / Math.sqrt(n));
    expect(Math.abs(variance - 16 / 12)).toBeLessThan(5 * (16 / 12) * Math.sqrt(0.8 / n));
  });

  test("uniform numbers pass a Kolmogorov–Smirnov test at the 0.1 % level", () => {
    const sorted = createRng(11).uniform([n]).data.sort();
    let distance = 0;
    sorted.forEach((value, i) => {
      distance = Math.max(distance, Math.abs(value - i / n), Math.abs(value - (i + 1) / n));
    });
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
  });

  test("normal numbers have the mean, variance, tails and fourth moment of a normal distribution", () => {
    const { data } = createRng(5).normal([n]);
    const { mean, variance } = moments(data);
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(data.reduce((a, x) => a + x * x * x * x, 0) / n - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    const beyond2 = data.filter((x) => Math.abs(x) > 2).length / n;
    expect(Math.abs(beyond2 - 0.04550026389635842)).toBeLessThan(5 * Math.sqrt(0.0455 / n));
    expect(createRng(5).normal([3], { mean: 10, std: 0 }).toArray()).toEqual([10, 10, 10]);
  });

  test("integer is uniform in its range, permutation contains each number once", () => {
    const counts = new Array<number>(6).fill(0);
    const rng = createRng(3);
    for (let i = 0; i < 60_000; i++) counts[rng.integer(6)]++;
    for (const count of counts)
      expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(60_000 * (1 / 6) * (5 / 6)));
    expect([...rng.permutation(100)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...rng.permutation(0)]).toEqual([]);
  });

  test("arguments out of range are refused", () => {
    const rng = createRng(1);
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 33])
      expect(() => rng.integer(n)).toThrow(/whole number in \[1, 2\^32\]/);
    expect(() => rng.uniform([2], { low: 1, high: 0 })).toThrow(
      "rng.uniform: low and high must be finite and in this order, got [1,0]",
    );
    expect(() => rng.uniform([2], { high: Infinity })).toThrow("rng.uniform: high must be a finite number");
    expect(() => rng.normal([2], { std: -1 })).toThrow("rng.normal: std must be a finite number ≥ 0, got -1");
    expect(() => rng.normal([2], { mean: Number.NaN })).toThrow("rng.normal: mean must be a finite number");
    expect(() => rng.normal([-1])).toThrow(/rng.normal: size -1/);
    expect(() => rng.permutation(-1)).toThrow(/whole number/);
    expect(rng.state().position).toBe(0);
  });

  test("an option given as undefined has its default", () => {
    const options = { mean: undefined, std: undefined } as object;
    expect(createRng(1).normal([3], options).toArray()).toEqual(createRng(1).normal([3]).toArray());
  });

  test("a second argument is refused: it would not change the numbers", () => {
    const seeded = createRng as (...args: unknown[]) => unknown;
    expect(() => seeded(1, "dropout")).toThrow(
      'createRng: takes one seed, got [1,"dropout"]; for several streams: createRng(seed).split(label)',
    );
    expect(() => seeded(1, {})).toThrow("got [1,Object]");
  });
});

describe("state", () => {
  test("a restored stream continues with the next numbers", () => {
    const rng = createRng("x").split("y");
    rng.normal([7]);
    const stored = JSON.parse(JSON.stringify(rng.state()));
    expect(restoreRng(stored).normal([5]).toArray()).toEqual(rng.normal([5]).toArray());
  });

  test.each([
    [{ version: 2, stream: "a", position: 0 }, /version 2 of a random state is not known/],
    [{ version: 1, stream: "a", position: -1 }, /position -1/],
    [{ version: 1, stream: "a", position: 1.5 }, /position 1.5/],
    [{ version: 1, stream: 5, position: 0 }, /stream 5/],
    [{}, /version undefined/],
    [null, /version undefined/],
  ])("refuses %o", (state, message) => {
    expect(() => restoreRng(state as RngState)).toThrow(message);
  });
});
