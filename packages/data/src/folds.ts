import {
  ArgumentError,
  check,
  noMore,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
  show,
} from "@gradus/core";
import type { AnyDataset } from "./any-dataset.ts";
import { Dataset } from "./dataset.ts";
import { checkUnordered } from "./dataset-options.ts";

/** Options of {@link folds}. */
export interface FoldOptions {
  /** The random stream that assigns samples to folds. Default: none, samples are assigned in order. */
  readonly rng?: Rng | undefined;
  /** Gives each fold its share of every class. Only for targets that are class indices. Default: false. */
  readonly stratified?: boolean;
}

/**
 * Divides a dataset k times into training and test parts: each sample is in the test part of exactly one pair
 * (k-fold cross-validation). The sizes of the test parts differ by at most 1.
 *
 * Without `rng` the folds are those of scikit-learn's `KFold`, consecutive samples, and with `stratified` those of its
 * `StratifiedKFold`, where the share of every class differs by at most 1. With an `rng` there is one permutation, or one for
 * each class.
 *
 * @param k number of folds, a whole number from 2 to the number of samples.
 * @returns k pairs `[training, test]`. Only indices are stored. Measure transforms on each training part by itself.
 * @throws ArgumentError for another k, for `stratified` without classes or with a class of fewer than k samples, for windows
 * of a series, which overlap.
 * @example
 * for (const [training, test] of folds(iris, 5, { rng: createRng("folds"), stratified: true })) {
 *   const transform = standardize(training);
 *   await fit(makeNet(), training.with({ transform }), { ...options, validation: test.with({ transform }) });
 * }
 */
export function folds<Names extends string = never>(
  dataset: Dataset<Names>,
  k: number,
  options: FoldOptions = {},
  ...extra: readonly undefined[]
): [Dataset<Names>, Dataset<Names>][] {
  noMore("folds", "dataset, k, options", extra);
  if (!(dataset instanceof Dataset)) {
    throw new ArgumentError(`folds: needs a Dataset of @gradus/data, got ${show(dataset)}`);
  }
  const { rng, stratified } = resolveOptions<FoldOptions>(
    "folds",
    options,
    { stratified: false },
    { rng: ranges.optional(randomStream), stratified: ranges.flag },
  );
  check("folds", "k", k, ranges.positiveCount);
  if (k < 2 || k > dataset.size) {
    throw new ArgumentError(`folds: k must be from 2 to the number of samples, ${dataset.size}, got ${k}`);
  }
  checkUnordered(dataset, "folds");
  const fold = stratified ? stratify(dataset, k, rng) : consecutive(dataset.size, k, rng);
  const indices = Array.from(fold.keys());
  return Array.from({ length: k }, (_, test) => [
    dataset.select(indices.filter((i) => fold[i] !== test)),
    dataset.select(indices.filter((i) => fold[i] === test)),
  ]);
}

/** The fold of each sample; the first `size` mod k folds have one more. */
function consecutive(size: number, k: number, rng: Rng | undefined): Uint32Array {
  const fold = new Uint32Array(size);
  const order = rng?.permutation(size);
  const [small, larger] = [Math.floor(size / k), size % k];
  const end = larger * (small + 1);
  for (let i = 0; i < size; i++) {
    fold[order?.[i] ?? i] = i < end ? Math.floor(i / (small + 1)) : larger + Math.floor((i - end) / small);
  }
  return fold;
}

/**
 * The fold of each sample, by scikit-learn's rule: the sorted labels are dealt out to the folds one by one, which gives the
 * number of samples of each class in each fold; these are the first samples of the class, then the next ones.
 */
function stratify({ classes, targets, size }: AnyDataset, k: number, rng: Rng | undefined): Uint32Array {
  if (classes === undefined) {
    throw new ArgumentError("folds: stratified needs class indices: give the Dataset its number of classes");
  }
  // Classes in the order in which they first occur.
  const members = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    const list = members.get(targets[i]);
    if (list === undefined) members.set(targets[i], [i]);
    else list.push(i);
  }
  const fold = new Uint32Array(size);
  let dealt = 0;
  for (const [label, list] of members) {
    if (list.length < k) {
      throw new ArgumentError(
        `folds: class ${label} has ${list.length} samples, fewer than the ${k} folds. Take fewer folds, or leave stratified out`,
      );
    }
    const counts = new Uint32Array(k);
    for (let n = 0; n < list.length; n++) counts[dealt++ % k]++;
    const order = rng?.permutation(list.length);
    let next = 0;
    for (let f = 0; f < k; f++) {
      for (let n = 0; n < counts[f]; n++, next++) fold[list[order?.[next] ?? next]] = f;
    }
  }
  return fold;
}
