import {
  ArgumentError,
  check,
  FormatError,
  noMore,
  type Range,
  ranges,
  resolveOptions,
  show,
} from "@gradus/core";
import { refuseAssignments, refuseOperators } from "@gradus/core/internal";
import {
  type PackedHistory,
  packEpochs,
  packHashes,
  packTables,
  unpackEpochs,
  unpackHashes,
  unpackTables,
} from "./history-state.ts";
import { isTable, type MetricTable } from "./metrics/epoch-metric.ts";
import { type Direction, directionOf, isBetter } from "./metrics.ts";

/** The results of one epoch. Metrics of your own are further columns, under their names. */
export interface EpochLog {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean over the samples, measured in training: with the weights before each batch's update, and with dropout. */
  readonly loss: number;
  /** Share of correct samples in [0, 1], measured in training like `loss`. Only for class indices. */
  readonly accuracy?: number;
  /** Mean over the validation samples after the epoch, in evaluation mode. Only with validation data. */
  readonly valLoss?: number;
  /** Share of correct validation samples after the epoch. */
  readonly valAccuracy?: number;
  /** The rate of the last step of the epoch (of the optimizer's first group). */
  readonly learningRate: number;
  /** The time that the epoch took, validation included. Only this value differs from run to run. */
  readonly seconds: number;
  readonly [metric: string]: number | undefined;
}

/** A {@link History} as plain data. */
export interface HistoryData {
  readonly epochs: readonly EpochLog[];
  readonly hashes?: readonly string[];
  readonly tables?: readonly EpochTables[];
  readonly stopped?: string | undefined;
}

/** The values of an epoch that are no numbers, by name: confusion matrices, values for each class. */
export type EpochTables = Readonly<Record<string, MetricTable>>;

const allowed: { readonly [K in keyof HistoryData]-?: Range } = {
  epochs: { says: "must be a list", admits: Array.isArray },
  hashes: ranges.optional({
    says: "must be a list of digests, each of 64 hexadecimal digits",
    admits: (value) => ranges.isListOf(value, (hash) => /^[0-9a-f]{64}$/.test(hash as string)),
  }),
  tables: ranges.optional({
    says: "must be a list of objects of lists of numbers",
    admits: (value) => ranges.isListOf(value, (tables) => Object.values(Object(tables)).every(isTable)),
  }),
  stopped: ranges.optional(ranges.text),
};

const NOT_CLONED: symbol = Symbol("a history (send its toJSON() to new History)");

/** The data of a history or of a copy of it. */
function withoutFields({ epochs, hashes, tables, stopped }: HistoryData | History): HistoryData {
  return { epochs, hashes, tables, stopped } as HistoryData;
}

/**
 * The course of a training: one entry for each finished epoch.
 *
 * @example
 * const history = await fit(net, train, { ... });
 * history.last?.loss;
 * history.best("valLoss").epoch;
 * JSON.stringify(history);
 */
export class History {
  static {
    refuseOperators(History.prototype, "a history", "history.epochs has its numbers");
    const way = "history.epochs has an entry for each epoch";
    refuseAssignments(History.prototype, "a history", { length: way, history: way });
  }

  /** `structuredClone` and `postMessage` refuse symbols, and show this text. @internal */
  readonly cloning: symbol = NOT_CLONED;
  #epochs: EpochLog[] = [];
  #hashes: string[] = [];
  #tables: EpochTables[] = [];
  /** The finished epochs, oldest first. */
  declare readonly epochs: readonly EpochLog[];
  /**
   * A digest of all tensors of the net after each epoch, if `fit` was called with `hash: true`; else empty. If they are
   * equal, two trainings gave the same bits.
   */
  declare readonly hashes: readonly string[];
  /**
   * The values that are no numbers, such as a confusion matrix: an object of them by name for each of {@link epochs}. On
   * validation data the name has the prefix `val`.
   *
   * @example history.tables.at(-1)?.valConfusion; // [[50, 2], [3, 45]]
   */
  declare readonly tables: readonly EpochTables[];
  /** The last finished epoch. */
  declare readonly last: EpochLog | undefined;
  /** Why training ended before its last epoch, if a callback stopped it. */
  stopped: string | undefined;

  /**
   * @param data another history, a copy `{...history}`, or the result of its {@link toJSON}, to continue it. Default: empty.
   * @throws ArgumentError for anything else, or if the epochs are not numbered upwards.
   */
  constructor(data: HistoryData | History = { epochs: [] }, ...extra: readonly undefined[]) {
    noMore("History", "data", extra);
    // Fields of its own, so that {...history} has them.
    const field = (get: () => unknown): PropertyDescriptor => ({ enumerable: true, get });
    Object.defineProperties(this, {
      epochs: field(() => this.#epochs),
      hashes: field(() => this.#hashes),
      tables: field(() => this.#tables),
      last: field(() => this.#epochs.at(-1)),
    });
    const given = Object(data).cloning === NOT_CLONED ? withoutFields(data) : data;
    const { epochs, hashes, tables, stopped } = resolveOptions<HistoryData>("History", given, {}, allowed);
    epochs.forEach((log, i) => {
      this.add(log, hashes?.[i], tables?.[i]);
    });
    this.stopped = stopped;
  }

  /**
   * The epoch with the best value; the first of several equal ones.
   *
   * @param monitor the name of the value. Default: `valLoss` if there is one, else `loss`.
   * @param direction whether `"min"` or `"max"` is best. Default: `"min"` for losses, `"max"` for accuracies, and what it is for a
   *   metric of gradus under its own name (`f1`, `valRmse` …); required for other values.
   * @throws ArgumentError if no epoch has the value, or only NaN.
   * @example history.best("valAccuracy").valAccuracy;
   */
  best(monitor?: string, direction?: Direction, ...extra: readonly undefined[]): EpochLog {
    noMore("history.best", "monitor, direction", extra);
    const name = monitor ?? (this.#epochs.some(({ valLoss }) => valLoss !== undefined) ? "valLoss" : "loss");
    check("history.best", "the name", name, ranges.text);
    const which = directionOf("history.best", name, direction);
    let best: EpochLog | undefined;
    for (const log of this.#epochs) {
      if (isBetter(log[name] ?? Number.NaN, best?.[name] ?? Number.NaN, which)) best = log;
    }
    if (best === undefined) {
      const known = Object.keys(this.last ?? {}).join(", ");
      throw new ArgumentError(
        `history.best: no epoch has a number ${show(name)}; ${known ? `logged are ${known}` : "no epoch was finished"}`,
      );
    }
    return best;
  }

  /** Adds a finished epoch. @internal */
  add(log: EpochLog, hash?: string, tables: EpochTables = {}): void {
    const previous = this.last?.epoch ?? 0;
    if (!Number.isSafeInteger(log?.epoch) || log.epoch <= previous) {
      throw new ArgumentError(
        `History: an epoch after ${previous} cannot have the number ${show(log?.epoch)}`,
      );
    }
    this.#epochs.push(log);
    this.#tables.push(tables);
    if (hash !== undefined) this.#hashes.push(hash);
  }

  /**
   * Its values for checkpoints, as tensors: text would take too long to write after 10⁵ epochs.
   * @throws ArgumentError if an epoch has a value that is no number. @internal
   */
  state(): PackedHistory {
    const stopped = this.stopped === undefined ? {} : { stopped: this.stopped };
    const tables = this.#hasTables ? { tables: packTables(this.#tables) } : {};
    return { epochs: packEpochs(this.#epochs), hashes: packHashes(this.#hashes), ...tables, ...stopped };
  }

  /** Takes the result of {@link History.state} back. @throws FormatError, changing nothing, if it is no history. @internal */
  restore(state: unknown): void {
    let restored: History;
    try {
      const { epochs, hashes, tables, stopped } = Object(state) as Partial<
        Record<keyof PackedHistory, unknown>
      >;
      const data = {
        epochs: unpackEpochs(epochs),
        hashes: unpackHashes(hashes),
        ...(tables !== undefined && { tables: unpackTables(tables) }),
      };
      restored = new History(stopped === undefined ? data : { ...data, stopped: stopped as string });
    } catch (cause) {
      throw new FormatError(`checkpoint: not a history: ${(cause as Error).message}`, { cause });
    }
    this.#epochs = restored.#epochs;
    this.#hashes = restored.#hashes;
    this.#tables = restored.#tables;
    this.stopped = restored.stopped;
  }

  /** Plain data, for JSON.stringify; `new History(data)` reads it back. */
  toJSON(): HistoryData {
    const stopped = this.stopped === undefined ? {} : { stopped: this.stopped };
    const hashes = this.#hashes.length === 0 ? {} : { hashes: [...this.#hashes] };
    const tables = this.#hasTables ? { tables: [...this.#tables] } : {};
    return { epochs: [...this.#epochs], ...hashes, ...tables, ...stopped };
  }

  get #hasTables(): boolean {
    return this.#tables.some((tables) => Object.keys(tables).length > 0);
  }
}
