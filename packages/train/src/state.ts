import { FormatError, type Shape, show, Tensor } from "@gradus/core";
import { now } from "@gradus/core/internal";
import { assignTensors } from "@gradus/io/internal";
import type { NamedTensor } from "@gradus/nn";

/** An object whose state can be saved and restored: optimizers, `Plateau`, `Rng`, `History`. */
export interface Stateful {
  /** A copy of its state, as {@link PlainData}. */
  state(): unknown;
  /** Takes the result of {@link Stateful.state} back. If it throws, it must not have changed anything. */
  restore(state: unknown): void;
}

/** The state of some tensors, such as those of a net: copies of their numbers. @internal */
export class TensorsState implements Stateful {
  readonly #tensors: readonly NamedTensor[];

  constructor(tensors: readonly NamedTensor[]) {
    this.#tensors = tensors;
  }

  /** A copy of each tensor, by name. */
  state(): Readonly<Record<string, Tensor>> {
    return Object.fromEntries(this.#tensors.map(([name, x]) => [name, new Tensor(x.data.slice(), x.shape)]));
  }

  /** Writes the copies back: all or none. @throws FormatError that lists everything that does not fit. */
  restore(state: unknown): void {
    const shapes = new Map<string, Shape>();
    for (const [name, x] of Object.entries(Object(state))) {
      if (!(x instanceof Tensor))
        throw new FormatError(`checkpoint: ${show(name)} is no tensor but ${show(x)}`);
      shapes.set(name, x.shape);
    }
    const given = state as Readonly<Record<string, Tensor>>;
    assignTensors("checkpoint", this.#tensors, { shapes, read: (name) => given[name] });
  }

  /** A copy of a state that fits these tensors, which are not changed. @throws FormatError if it does not fit. */
  checked(state: unknown): Readonly<Record<string, Tensor>> {
    const copy = this.state();
    new TensorsState(Object.entries(copy)).restore(state);
    return copy;
  }
}

/** Settings that must be the same when a training is resumed: with others it would give other numbers. @internal */
export interface Settings {
  readonly batchSize: number;
  readonly samples: number;
  readonly dropLast: boolean;
  /** The name of the random stream, which contains the seed. */
  readonly stream: string;
}

/** The place in a training: epoch, batch, and the time that the epoch took so far. @internal */
export class TrainingState implements Stateful {
  /** The current epoch, or the next one. */
  epoch: number;
  /** The number of its finished batches. */
  batch = 0;
  /** The rate of the last step. */
  learningRate = 0;
  /** The time that the epoch had taken before the clock was started, in seconds. */
  #seconds = 0;
  #started: number | undefined;
  readonly #settings: Settings;
  readonly #batches: number;

  /** @param batches per epoch. */
  constructor(epoch: number, batches: number, settings: Settings) {
    this.epoch = epoch;
    this.#batches = batches;
    this.#settings = settings;
  }

  /** The time that the epoch has taken so far, in seconds. */
  get seconds(): number {
    return this.#seconds + (this.#started === undefined ? 0 : (now() - this.#started) / 1000);
  }

  /** Counts the time of the epoch from now on. */
  startClock(): void {
    this.#started = now();
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
      typeof learningRate === "number";
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
      `checkpoint: it was saved by a training with other settings: ${problems.join("; ")}`,
    );
  }
}

/** The warning for a checkpoint of a training that was stopped: there is nothing to resume, and this is the way on. @internal */
export function nothingToResume(reason: string, { epoch, batch }: TrainingState): string {
  const place = batch === 0 ? `before epoch ${epoch}` : `in epoch ${epoch}`;
  return (
    `fit: there is nothing to resume: this training was stopped ${place}, with the reason ${show(reason)}. Net and optimizer ` +
    `are as they were then. To train on, call fit again with startEpoch: ${epoch}, without resume, and with another place ` +
    "for checkpoints"
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;
