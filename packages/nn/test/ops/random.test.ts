import { createRng, type Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { bernoulliMask, uniformNoise } from "../../src/index.ts";
import { expectMoments } from "../support.ts";

interface Runnable {
  forward(inputs: readonly Tensor[], out: Float64Array, shape: readonly number[], params: object): void;
}

describe("bernoulliMask", () => {
  test("is 1 exactly where the next number of the stream is below the probability", () => {
    const [rng, same] = [createRng("mask"), createRng("mask")];
    const mask = bernoulliMask({ shape: [50, 4], probability: 0.3, rng });
    expect([...mask.data]).toEqual(Array.from({ length: 200 }, () => (same.next() < 0.3 ? 1 : 0)));
    expect(rng.state()).toEqual(same.state());
  });

  test("has the expected number of ones", () => {
    expectMoments(bernoulliMask({ shape: [100000], probability: 0.8, rng: createRng(0) }), 0.8, 0.16);
  });

  test("has only zeros for probability 0 and only ones for 1", () => {
    const rng = createRng(0);
    expect(Math.max(...bernoulliMask({ shape: [1000], probability: 0, rng }).data)).toBe(0);
    expect(Math.min(...bernoulliMask({ shape: [1000], probability: 1, rng }).data)).toBe(1);
  });

  test("takes no gradient", () => {
    expect(bernoulliMask({ shape: [2], probability: 0.5, rng: createRng(0) }).tracked).toBe(false);
  });
});

describe("uniformNoise", () => {
  test("has the moments of U(low, high)", () => {
    const noise = uniformNoise({ shape: [100000], low: 1, high: 4, rng: createRng(0) });
    expectMoments(noise, 2.5, 9 / 12);
    expect(noise.data.every((value) => value >= 1 && value < 4)).toBe(true);
  });
});

test.each([
  ["bernoulliMask", bernoulliMask.spec, { shape: [7], probability: 0.5 }],
  ["uniformNoise", uniformNoise.spec, { shape: [7], low: 0, high: 1 }],
])("%s, its forward run again, draws what calling it again would have drawn", (name, spec, params) => {
  const eager = createRng("step");
  const call = name === "bernoulliMask" ? bernoulliMask : uniformNoise;
  const steps = [1, 2, 3].map(() => [...call({ ...params, rng: eager } as never).data]);
  const recorded = { ...params, rng: createRng("step") };
  const replayed = [1, 2, 3].map(() => {
    const out = new Float64Array(7);
    (spec as unknown as Runnable).forward([], out, [7], recorded);
    return [...out];
  });
  expect(replayed).toEqual(steps);
});
