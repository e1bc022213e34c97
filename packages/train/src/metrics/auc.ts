import {
  FormatError,
  formatShape,
  noMore,
  ranges,
  resolveOptions,
  ShapeError,
  show,
  type Tensor,
  tagOf,
} from "@gradus/core";
import type { PlainData } from "../checkpoint/plain-data.ts";
import { checkTensors, hasClassIndices, IGNORED } from "../metrics.ts";
import { isYesNo, number, yesNoTarget } from "./class-pairs.ts";
import { type EpochMetric, type Measurement, savedWith } from "./epoch-metric.ts";

/** Options of {@link auc}. */
export interface AucOptions {
  /** A target of this value counts as missing. Default -100. */
  readonly ignoreIndex?: number;
}

/**
 * The area under the ROC curve, in [0, 1]: the probability that a positive sample has a higher score than a negative one, where
 * equal scores count one half (the Mann–Whitney statistic; scikit-learn's `roc_auc_score`). NaN if one of the two classes
 * is missing. It keeps all scores of the epoch, 8 bytes each.
 *
 * Shapes: scores [n], [n, 1] or [n, 1, ...] of any kind (logits, probabilities) with targets of the same shape in [0, 1], above
 * 0.5 for positive; or outputs [n, 2, ...] of logits with class indices [n, ...]: the score is the second output minus the first.
 *
 * @throws ArgumentError for an `ignoreIndex` that is no finite number; in a batch, for NaN in the output and for other targets;
 *   ShapeError for other shapes.
 * @example evaluate(net, test, { loss: bceWithLogits, metrics: { auc: auc() } }).auc; // 0.93
 */
export function auc(options: AucOptions = {}, ...extra: readonly undefined[]): EpochMetric {
  noMore("auc", "options", extra);
  const { ignoreIndex } = resolveOptions<Required<AucOptions>>(
    "auc",
    options,
    { ignoreIndex: IGNORED },
    { ignoreIndex: ranges.finite },
  );
  return { start: () => new Scores(ignoreIndex) };
}

/** The scores of the negative (0) and of the positive (1) samples of a pass. */
class Scores implements Measurement {
  readonly #ignoreIndex: number;
  readonly #scores: readonly [Grown, Grown] = [new Grown(), new Grown()];

  constructor(ignoreIndex: number) {
    this.#ignoreIndex = ignoreIndex;
  }

  add(output: Tensor, targets: Tensor): void {
    checkTensors("auc", output, targets);
    const yesNo = isYesNo(output, targets);
    if (!yesNo && !(output.shape[1] === 2 && hasClassIndices(output, targets))) {
      throw new ShapeError(
        `auc(${formatShape(output.shape)}, ${formatShape(targets.shape)}): needs yes/no scores [n] or [n, 1] with targets of the ` +
          "same shape, or outputs [n, 2, ...] with class indices [n, ...]; for more classes measure one against the others: " +
          "give auc the score of one class and targets of 0 and 1",
      );
    }
    const inner = yesNo ? 1 : output.size / (2 * output.shape[0]);
    const found: [target: number, score: number][] = [];
    for (let i = 0; i < targets.size; i++) {
      const target = yesNoTarget("auc", targets.data[i], i, this.#ignoreIndex);
      if (target === undefined) continue;
      const at = yesNo ? i : i + Math.floor(i / inner) * inner;
      const score = yesNo ? output.data[at] : output.data[at + inner] - output.data[at];
      found.push([target, number("auc", score, i)]);
    }
    for (const [target, score] of found) this.#scores[target].push(score);
  }

  /** U / (negatives · positives), where U counts the pairs in the right order, and pairs of equal scores by one half. */
  value(): number {
    const [negative, positive] = this.#scores.map((scores) => scores.taken().sort());
    let [pairs, below, equal] = [0, 0, 0]; // negatives below the score, and those at most as high
    for (const score of positive) {
      while (below < negative.length && negative[below] < score) below++;
      equal = Math.max(equal, below);
      while (equal < negative.length && negative[equal] === score) equal++;
      pairs += below + (equal - below) / 2;
    }
    return pairs / (negative.length * positive.length);
  }

  state(): PlainData {
    const [negative, positive] = this.#scores.map((scores) => scores.taken());
    return { options: this.#options, negative, positive };
  }

  restore(state: unknown): void {
    const { negative, positive } = savedWith("auc", this.#options, state);
    const saved = [negative, positive] as Float64Array[];
    if (!saved.every((x) => tagOf(x) === "Float64Array" && !x.some(Number.isNaN))) {
      throw new FormatError(`checkpoint: auc: not a state: ${show(state)}`);
    }
    saved.forEach((scores, i) => {
      this.#scores[i].set(scores);
    });
  }

  get #options(): string {
    return `ignoreIndex ${this.#ignoreIndex}`;
  }
}

/** Numbers in an array that grows. */
class Grown {
  #data: Float64Array = new Float64Array(256);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length++] = value;
  }

  set(values: Float64Array): void {
    this.#length = values.length;
    this.#data = new Float64Array(Math.max(256, values.length));
    this.#data.set(values);
  }

  /** A copy of the numbers. */
  taken(): Float64Array {
    return this.#data.slice(0, this.#length);
  }
}
