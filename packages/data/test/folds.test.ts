import { ArgumentError, createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { type FoldOptions, folds } from "../src/folds.ts";

/** A dataset of these classes whose input is the index of the sample. */
function classed(...labels: readonly number[]): Dataset {
  return new Dataset({ inputs: [...labels.keys()], targets: labels, classes: 3 });
}

const numbered = (size: number): Dataset => classed(...new Array<number>(size).fill(0));

/** The indices of the samples in each test part. */
function testParts(dataset: Dataset, k: number, options: FoldOptions = {}): number[][] {
  return folds(dataset, k, options).map(([, test]) => [...test.inputs]);
}

describe("folds", () => {
  // From scikit-learn 1.2.1: KFold(k).split, StratifiedKFold(k).split.
  test("without a stream are scikit-learn's KFold", () => {
    expect(testParts(numbered(11), 3)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10],
    ]);
    expect(testParts(numbered(7), 7)).toEqual([[0], [1], [2], [3], [4], [5], [6]]);
  });

  test("stratified are scikit-learn's StratifiedKFold", () => {
    const first = classed(1, 0, 0, 2, 1, 1, 0, 2, 2, 0, 1, 0, 0, 1, 2);
    expect(testParts(first, 3, { stratified: true })).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 9, 10],
      [8, 11, 12, 13, 14],
    ]);
    const second = classed(2, 2, 0, 1, 0, 2, 1, 1, 0, 2, 0, 2, 1, 0, 0, 2, 2, 1, 1);
    expect(testParts(second, 4, { stratified: true })).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
      [10, 11, 12, 15, 17],
      [13, 14, 16, 18],
    ]);
  });

  test("with a stream are drawn at random, each sample tested once and never trained on in its own fold", () => {
    const labels = Array.from({ length: 31 }, (_, i) => i % 3);
    for (const stratified of [false, true]) {
      const options = { rng: createRng("folds"), stratified };
      const pairs = folds(classed(...labels), 4, options);
      const tested = pairs.flatMap(([, test]) => [...test.inputs]);
      expect(tested).not.toEqual([...labels.keys()]);
      expect(tested.sort((a, b) => a - b)).toEqual([...labels.keys()]);
      for (const [training, test] of pairs) {
        const both = [...training.inputs, ...test.inputs].sort((a, b) => a - b);
        expect(both).toEqual([...labels.keys()]);
        expect([7, 8]).toContain(test.size);
        if (!stratified) continue;
        for (const label of [0, 1, 2]) {
          const share = [...test.targets].filter((target) => target === label).length;
          expect([2, 3]).toContain(share); // 31/3 samples of a class in 4 folds
        }
      }
      expect(testParts(classed(...labels), 4, { ...options, rng: createRng("folds") })).toEqual(
        pairs.map(([, test]) => [...test.inputs]),
      );
    }
  });

  test("of a split stay within it", () => {
    const [part] = numbered(20).split(0.5, createRng(1));
    expect(testParts(part, 5).flat()).toEqual([...part.inputs]);
  });

  test("refuse what cannot be divided", () => {
    const refused: [() => unknown, string][] = [
      [() => folds(numbered(5), 1), "k must be from 2 to the number of samples, 5, got 1"],
      [() => folds(numbered(5), 6), "k must be from 2 to the number of samples, 5, got 6"],
      [() => folds(numbered(5), 2.5), "k must be a whole number"],
      [() => folds([1, 2] as never, 2), "needs a Dataset of @gradus/data, got [1,2]"],
      [
        () => folds(classed(0, 0, 1, 0), 2, { stratified: true }),
        "class 1 has 1 samples, fewer than the 2 folds",
      ],
      [
        () => folds(new Dataset({ inputs: [1, 2], targets: [1, 2] }), 2, { stratified: true }),
        "stratified needs class indices",
      ],
      [
        () => folds(new Dataset({ inputs: [1, 2], targets: [1, 2], ordered: true }), 2),
        "folds: the samples overlap in time",
      ],
    ];
    for (const [run, message] of refused) {
      expect(run).toThrow(ArgumentError);
      expect(run).toThrow(message);
    }
  });
});
