import { ArgumentError, FormatError, show, type Tensor, tagOf } from "@gradus/core";
import type { PlainData } from "../checkpoint/plain-data.ts";
import { classPairs, type Reading } from "./class-pairs.ts";
import { type Measurement, type MetricTable, savedWith } from "./epoch-metric.ts";

/** How the pairs of a class and a predicted class are counted. */
export interface Tally {
  /** The number of counts for c classes. */
  size(c: number): number;
  count(counts: Float64Array, c: number, target: number, predicted: number): void;
}

/** One count for each pair. */
export const matrix: Tally = {
  size: (c) => c * c,
  count: (counts, c, target, predicted) => void counts[target * c + predicted]++,
};

/** For each class its true positives, false positives and false negatives: so that many classes take little memory. */
export const byClass: Tally = {
  size: (c) => 3 * c,
  count(counts, _, target, predicted) {
    if (target === predicted) {
      counts[3 * target]++;
    } else {
      counts[3 * predicted + 1]++;
      counts[3 * target + 2]++;
    }
  },
};

/** The counts of a pass, and a value of them. */
export class ClassCounts<Value extends number | MetricTable> implements Measurement<Value> {
  readonly #who: string;
  readonly #reading: Reading;
  readonly #tally: Tally;
  readonly #value: (counts: Float64Array, classes: number) => Value;
  /** The number of classes that it is for; undefined: any. */
  readonly #only: number | undefined;
  /** 0 before the first batch. */
  #classes = 0;
  #counts: Float64Array = new Float64Array(0);

  constructor(
    who: string,
    reading: Reading,
    tally: Tally,
    value: (counts: Float64Array, classes: number) => Value,
    only?: number,
  ) {
    this.#who = who;
    this.#reading = reading;
    this.#tally = tally;
    this.#value = value;
    this.#only = only;
  }

  add(output: Tensor, targets: Tensor): void {
    const pairs: number[] = [];
    const c = classPairs(this.#who, output, targets, this.#reading, (target, predicted) => {
      pairs.push(target, predicted);
    });
    if (this.#only !== undefined && c !== this.#only) {
      throw new ArgumentError(
        `${this.#who}: average "binary" is for two classes, and the net has ${c} outputs; choose average: "macro", "micro" or ` +
          '"perClass"',
      );
    }
    if (this.#classes === 0) {
      this.#classes = c;
      this.#counts = new Float64Array(this.#tally.size(c));
    } else if (this.#classes !== c) {
      throw new ArgumentError(
        `${this.#who}: a batch has outputs for ${c} classes, the batches before had ${this.#classes}`,
      );
    }
    for (let i = 0; i < pairs.length; i += 2) this.#tally.count(this.#counts, c, pairs[i], pairs[i + 1]);
  }

  value(): Value {
    return this.#value(this.#counts, this.#classes);
  }

  state(): PlainData {
    return { options: this.#options, classes: this.#classes, counts: this.#counts.slice() };
  }

  restore(state: unknown): void {
    const { classes, counts } = savedWith(this.#who, this.#options, state);
    const c = classes as number;
    const whole = Number.isSafeInteger(c) && c >= 0 && tagOf(counts) === "Float64Array";
    const count = (x: number): boolean => Number.isSafeInteger(x) && x >= 0;
    if (
      !whole ||
      (counts as Float64Array).length !== this.#tally.size(c) ||
      !(counts as Float64Array).every(count)
    ) {
      throw new FormatError(`checkpoint: ${this.#who}: not a state: ${show(state)}`);
    }
    this.#classes = c;
    this.#counts = (counts as Float64Array).slice();
  }

  get #options(): string {
    return `threshold ${this.#reading.threshold}, ignoreIndex ${this.#reading.ignoreIndex}`;
  }
}
