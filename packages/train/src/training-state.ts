import { FormatError, type Rng, type RngState, show } from "@gradus/core";
import type { Averages } from "./averages.ts";
import type { StepTaker, Training } from "./callbacks.ts";
import type { Parts } from "./checkpoint/checkpoint.ts";
import type { Stateful } from "./checkpoint/stateful.ts";
import type { Plan } from "./fit-options.ts";
import type { History } from "./history.ts";

declare const performance: { now(): number };

/** What must be the same when a training goes on, for it to go the same way. @internal */
export interface Settings {
  readonly batchSize: number;
  readonly samples: number;
  readonly dropLast: boolean;
  /** The name of the random stream, which has the seed in it. */
  readonly stream: string;
}

/** Where a training stands, and what it has found so far. @internal */
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
  readonly #history: History;
  readonly #averages: Averages;
  readonly #layers: Rng;

  constructor(
    epoch: number,
    batches: number,
    settings: Settings,
    parts: { readonly history: History; readonly averages: Averages; readonly layers: Rng },
  ) {
    this.epoch = epoch;
    this.#batches = batches;
    this.#settings = settings;
    this.#history = parts.history;
    this.#averages = parts.averages;
    this.#layers = parts.layers;
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
    return {
      settings: this.#settings,
      position: { epoch, batch, seconds, learningRate },
      history: this.#history.state(),
      averages: this.#averages.state(),
      layers: this.#layers.state(),
    };
  }

  restore(state: unknown): void {
    const { settings, position, history, averages, layers } = Object(state) as Record<string, unknown>;
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
    const before = { history: this.#history.state(), averages: this.#averages.state() };
    try {
      this.#history.restore(history);
      this.#averages.restore(averages);
      this.#layers.restore(layers as RngState);
    } catch (error) {
      this.#history.restore(before.history);
      this.#averages.restore(before.averages);
      throw error;
    }
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

/** All that a checkpoint of this training has. @internal */
export function partsOf(
  { net, optimizer, callbacks, checkpoints }: Plan,
  state: TrainingState,
  training: Training,
): Parts {
  const states = callbacks.flatMap((callback) => {
    if (!callback.state) return [];
    const restore = (saved: unknown): void => callback.restore?.(saved, training);
    return [[`callback ${callback.name}`, { state: () => callback.state?.(), restore }] as const];
  });
  // Checked with the options.
  const stateful = optimizer as StepTaker & Stateful;
  return { net, optimizer: stateful, training: state, ...Object.fromEntries(states), ...checkpoints?.also };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;
