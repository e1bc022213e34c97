import { ArgumentError, createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset } from "../../src/dataset.ts";
import { scale } from "../../src/transforms.ts";
import { five } from "./support.ts";

const classesOf = (dataset: Dataset): unknown =>
  dataset.batch(Array.from({ length: dataset.size }, (_, i) => i)).targets.toArray();

describe("parts of a dataset", () => {
  test("take and slice share the arrays", () => {
    const dataset = five({ transform: scale(2) });
    const part = dataset.slice(1, 3);
    expect(part.size).toBe(2);
    expect(part.inputs.buffer).toBe(dataset.inputs.buffer);
    expect(part.batch([0]).inputs.toArray()).toEqual([
      [
        [8, 10],
        [12, 14],
      ],
    ]);
    expect(classesOf(dataset.slice(3))).toEqual([0, 1]);
    expect(classesOf(dataset.take(2))).toEqual([0, 1]);
    expect(classesOf(part.slice(1).take(1))).toEqual([2]);
    expect([dataset.take(0).size, dataset.slice(5).size]).toEqual([0, 0]);
  });

  test("slices outside the dataset are refused", () => {
    for (const [start, end] of [
      [-1, 2],
      [0, 6],
      [3, 2],
      [0.5, 1],
      [0, Number.NaN],
    ]) {
      expect(() => five().slice(start, end)).toThrow(ArgumentError);
    }
    expect(() => five().take(6)).toThrow("needs whole numbers 0 ≤ start ≤ end ≤ 5, got 0 and 6");
  });

  test("split shares out all samples, each once, and copies none", () => {
    const inputs = Uint8Array.from({ length: 100 }, (_, i) => i);
    const dataset = new Dataset({ inputs, inputShape: [1], targets: inputs });
    const [first, second] = dataset.split(0.7, createRng("split"));
    expect([first.size, second.size]).toEqual([70, 30]);
    expect([...first.inputs]).toEqual(classesOf(first));
    const all = [...(classesOf(first) as number[]), ...(classesOf(second) as number[])];
    expect(all).not.toEqual([...inputs]);
    expect(all.sort((a, b) => a - b)).toEqual([...inputs]);
  });

  test("split of a split and slices of it stay within", () => {
    const numbers = Uint8Array.from({ length: 40 }, (_, i) => i);
    const [half] = new Dataset({ inputs: numbers, inputShape: [1], targets: numbers }).split(
      0.5,
      createRng(1),
    );
    const members = classesOf(half) as number[];
    const [a, b] = half.split(0.25, createRng(2));
    const again = [...(classesOf(a) as number[]), ...(classesOf(b) as number[])];
    expect(again.sort((x, y) => x - y)).toEqual([...members].sort((x, y) => x - y));
    expect(classesOf(half.slice(3, 6))).toEqual(members.slice(3, 6));
  });

  test("the same stream splits the same way, and inputs keep their targets", () => {
    const numbers = Uint8Array.from({ length: 40 }, (_, i) => i);
    const dataset = new Dataset({ inputs: numbers, inputShape: [], targets: numbers });
    const [a] = dataset.split(0.5, createRng(7));
    const [b] = dataset.split(0.5, createRng(7));
    const batch = a.batch([0, 1, 2]);
    expect(classesOf(a)).toEqual(classesOf(b));
    expect(batch.inputs.toArray()).toEqual(batch.targets.toArray());
  });

  test("split refuses fractions outside (0, 1) and a missing rng", () => {
    for (const fraction of [0, 1, -0.1, 1.5, Number.NaN]) {
      expect(() => five().split(fraction, createRng(1))).toThrow("fraction must be in (0, 1)");
    }
    expect(() => five().split(0.5, undefined as never)).toThrow(
      "dataset.split: rng must be a random stream from createRng(seed), got undefined",
    );
  });

  test("with replaces the transform and keeps the rest", () => {
    const [part] = five({ transform: scale(2) }).split(0.6, createRng(1));
    expect(() => part.with({} as never)).toThrow("dataset.with: needs { transform }");
    expect(() => part.with({ classes: 2 } as never)).toThrow(
      /unknown option "classes"; it takes { transform, targetTransform }$/,
    );
    const raw = part.with({ transform: undefined });
    expect(raw.transform).toBeUndefined();
    expect([raw.targets, raw.classes, raw.size]).toEqual([part.targets, 3, 3]);
    expect(part.transform).toBeDefined();
  });
});
