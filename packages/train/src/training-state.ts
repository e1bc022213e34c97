import { FormatError, show } from "@gradus/core";
import type { Stateful } from "./checkpoint/stateful.ts";

declare const performance: { now(): number };

/** What must be the same when a training goes on, for it to go the same way. @internal */
export interface Settings {
  readonly batchSize: number;
  readonly samples: number;
  readonly dropLast: boolean;
  /** The name of the random stream, which has the seed in it. */
  readonly stream: string;
}

/** Where a training stands. @internal */
export class TrainingState implements Stateful {
  /** The epoch that is going on, or comes next. */
  epoch: number;
  /** How many of its batches are done. */
  batch = 0;
  /** The rate of the last step. */
  learningRate = 0;
  /** How long the epoch had taken when the clock was started. */
  #seconds = 0;
  #started: number | undefined;
  readonly #settings: Settings;
  readonly #batches: number;

  constructor(epoch: number, batches: number, settings: Settings) {
    this.epoch = epoch;
    this.#batches = batches;
    this.#settings = settings;
  }

  /** How long the epoch has taken. */
  get seconds(): number {
    return this.#seconds + (this.#started === undefined ? 0 : (performance.now() - this.#started) / 1000);
  }

  /** The epoch goes on from here. */
  startClock(): void {
    this.#started = performance.now();
  }

  nextEpoch(): void {
    this.epoch++;
    this.batch = 0;
    this.#seconds = 0;
    this.#started = undefined;
  }

  state(): object {
    const { epoch, batch, seconds, learningRate } = this;
    return { settings: this.#settings, position: { epoch, batch, seconds, learningRate } };
  }

  restore(state: unknown): void {
    const { settings, position } = Object(state) as Record<string, unknown>;
    this.#checkSettings(settings);
    const { epoch, batch, seconds, learningRate } = Object(position) as Record<string, unknown>;
    const sane =
      isCount(epoch) &&
      epoch >= 1 &&
      isCount(batch) &&
      batch <= this.#batches &&
      isAmount(seconds) &&
      isAmount(learningRate);
    if (!sane) throw new FormatError(`checkpoint: not a place in a training: ${show(position)}`);
    this.epoch = epoch;
    this.batch = batch;
    this.#seconds = seconds;
    this.#started = undefined;
    this.learningRate = learningRate;
  }

  #checkSettings(settings: unknown): void {
    const given = Object(settings) as Record<string, unknown>;
    const problems = Object.entries(this.#settings).flatMap(([name, value]) => {
      const saved = Object.hasOwn(given, name) ? given[name] : undefined;
      return saved === value ? [] : [`${name} was ${show(saved)} and is ${show(value)}`];
    });
    if (problems.length === 0) return;
    throw new FormatError(
      `checkpoint: it is of another training, which would go another way: ${problems.join("; ")}`,
    );
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;
