import {
  ArgumentError,
  check,
  type NetInput,
  type Range,
  Rng,
  ranges,
  resolveOptions,
  show,
} from "@gradus/core";
import { type AnyDataset, batches, type Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import type { Callback, Loss, StepTaker } from "./callbacks.ts";
import { checkCallbacks } from "./check-callbacks.ts";
import { isStateful } from "./checkpoint/checkpoint.ts";
import { Checkpointer, type CheckpointOptions } from "./checkpoint/checkpointer.ts";
import { checkDataset, checkedLater, checkNet, lossFunction, optimizerRange } from "./checks.ts";
import { checkMetrics, type Metrics } from "./metrics.ts";
import { ON_NAN, type OnNaN } from "./on-nan.ts";
import type { Settings } from "./state.ts";
import { tryTraining } from "./trial.ts";
import { refuseForeign, refuseMarks, sameParameters } from "./untrained.ts";
import { waiter } from "./wait.ts";
import type { Abortable } from "./yield-to-events.ts";

/** Options of `fit`. */
export interface FitOptions<Names extends string = never> {
  /** The optimizer, made with parameters of this net: `new Adam(namedParameters(net))`. */
  readonly optimizer: StepTaker;
  /** The mean loss of a batch, as one number. */
  readonly loss: Loss;
  /** The number of the last epoch, a whole number ≥ 1: the number of passes over the data, unless `startEpoch` > 1. */
  readonly epochs: number;
  /** Samples per batch, a whole number ≥ 1. The last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /**
   * The random stream for the order of the samples and for layers such as dropout. `fit` does not advance it: the same
   * stream gives the same training again.
   */
  readonly rng: Rng;
  /** Measured after each epoch, in evaluation mode; with the same inputs. Default: none. */
  readonly validation?: Dataset<Names>;
  /** Further values to measure, such as `{ accuracy, f1: f1({ average: "macro" }) }`. Default: `{ accuracy }` if targets are class indices, else nothing. */
  readonly metrics?: Metrics;
  /** Callbacks; each hook calls them in this order. Default: none. */
  readonly callbacks?: readonly Callback[];
  /**
   * When it is aborted, training ends after the current batch (training or validation), and `fit` throws its reason. Callbacks
   * and the store of the checkpoints have 2 seconds to finish what they do; after that `fit` no longer waits for them.
   */
  readonly signal?: Abortable;
  /**
   * The action of `fit` at the first loss or gradient that is NaN or infinite. The check runs before the update, so the weights
   * are those of the last good step. (Running statistics, as of BatchNorm, already include the bad batch; early
   * stopping restores those of its best epoch.)
   *
   * - `"throw"` (the default): throws a {@link DivergenceError} with epoch, batch, step, the loss, and the first parameter
   *   with such a gradient.
   * - `"stop"`: training ends without an error; `history.stopped` is the message of that error.
   * - `"explain"`: throws a {@link TrainingNumericsError} earlier, at the first op (forward, backward or update) that
   *   computes NaN or an infinity from finite numbers, or NaN from operands without NaN. It names the op, the layer, the
   *   line, the numbers and the samples. Training gives the same bits, but steps run op by op and take several times as long.
   * - `"ignore"`: training goes on.
   */
  readonly onNaN?: OnNaN;
  /** Whether to skip the last batch of an epoch if it is not full. Default false. */
  readonly dropLast?: boolean;
  /** The number of the first epoch, to continue an earlier training. Default 1. Not together with `resume`, which finds it. */
  readonly startEpoch?: number;
  /** Where and when to save checkpoints, from which training can be resumed. Default: nothing is saved. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * Whether to resume from the newest checkpoint, or start from the beginning if there is none. A resumed training gives the
   * same bits as an uninterrupted one. A training that a callback stopped is not continued: net and optimizer get their state
   * back, and a warning says how to train on. `"whole"`: the same, and if the newest file is damaged, it is renamed to
   * `broken-…`, with a warning, and training goes on from the newest one that is whole. Default false: there must be no
   * checkpoints yet.
   */
  readonly resume?: boolean | "whole";
  /**
   * Whether to compile the step, which is several times as fast and gives the same bits. Default true.
   *
   * Code that you write yourself (a loss, a layer, an activation) still runs in every step, and what it does is compared with the
   * compiled step. So variables, counters, random numbers and numbers read from tensors count in each step as they do without
   * `compile`. A net of gradus' layers with a loss of gradus does not run again: in every step all fields of its layers are
   * compared, and if one has changed, the step is compiled again; over such a net, a loss of your own runs alone. A step that cannot
   * be compiled runs op by op, with a warning.
   *
   * `pnpm bench --check` measures what this costs: a loss of your own 2 to 3 µs in a step, so most where the net is tiny.
   */
  readonly compile?: boolean;
  /** Whether to add a digest of all tensors of the net to `history.hashes` after each epoch. Default false. */
  readonly hash?: boolean;
}

/** The allowed values of each option. */
const allowed: { readonly [K in keyof FitOptions]-?: Range } = {
  optimizer: optimizerRange,
  loss: lossFunction,
  epochs: ranges.positiveCount,
  batchSize: ranges.positiveCount,
  rng: {
    says: "must be a random stream from createRng(seed)",
    admits: (value) => value instanceof Rng,
  },
  validation: checkedLater,
  metrics: checkedLater,
  callbacks: checkedLater,
  signal: ranges.optional({
    says: "must be an AbortSignal",
    admits: (value) => typeof (value as Abortable | null)?.aborted === "boolean",
  }),
  onNaN: ranges.oneOf(...ON_NAN),
  dropLast: ranges.flag,
  startEpoch: ranges.positiveCount,
  checkpoint: checkedLater,
  resume: {
    says: 'must be true, false or "whole"',
    admits: (value) => typeof value === "boolean" || value === "whole",
  },
  compile: ranges.flag,
  hash: ranges.flag,
};

const defaults = {
  callbacks: [],
  onNaN: "throw",
  dropLast: false,
  startEpoch: 1,
  resume: false,
  compile: true,
  hash: false,
} as const satisfies Partial<FitOptions>;

/** Options of `fit`, whatever inputs the net has. @internal */
export type AnyFitOptions = Omit<FitOptions, "validation"> & { readonly validation?: AnyDataset };

type Resolved = AnyFitOptions & Required<Pick<FitOptions, keyof typeof defaults>>;

/** Options that were checked, with all defaults filled in. @internal */
export interface CheckedFit extends Required<Omit<FitOptions, "validation" | "signal" | "checkpoint">> {
  readonly net: Layer<NetInput>;
  readonly dataset: AnyDataset;
  readonly validation: AnyDataset | undefined;
  readonly signal: Abortable | undefined;
  readonly checkpoints: Checkpointer | undefined;
  /** Batches per epoch. */
  readonly batches: number;
  /** Samples per epoch. */
  readonly samples: number;
  /** The settings that a checkpoint must agree with. */
  readonly settings: Settings;
  /** Refuses parameters that join or leave the net. */
  checkParameters(): void;
}

/** Checks all options and tries out on two samples whether they fit together, without changing anything. @internal */
export function checkFit(net: Layer<NetInput>, dataset: AnyDataset, options: AnyFitOptions): CheckedFit {
  checkNet("fit", net);
  checkDataset("fit", dataset);
  const given = resolveOptions<Resolved>("fit", options, defaults, allowed);
  const { optimizer, epochs, batchSize, rng, validation, metrics, callbacks, dropLast, startEpoch } = given;
  if (startEpoch > epochs) {
    throw new ArgumentError(
      `fit: there is nothing to do from epoch ${startEpoch} to ${epochs}; epochs is the number of the last epoch`,
    );
  }
  const { checkpoint, resume } = given;
  if (resume && (checkpoint === undefined || startEpoch !== 1)) {
    throw new ArgumentError(
      `fit: resume ${checkpoint ? "finds the epoch to go on with by itself: leave startEpoch out" : "needs checkpoint: { dir }"}`,
    );
  }
  if (validation !== undefined) {
    checkDataset("fit: validation", validation);
    checkSameInputs(dataset, validation);
  }
  checkMetrics("fit", metrics);
  checkCallbacks("fit", callbacks);
  refuseForeign(net, optimizer);
  refuseMarks(net, optimizer);
  const checkpoints =
    checkpoint === undefined ? undefined : new Checkpointer(checkpoint, waiter(given.signal));
  if (checkpoints) checkStates(optimizer, callbacks);
  const count = batches(dataset, batchSize, { dropLast }).length; // refuses to drop the only batch
  const checkParameters = sameParameters(net);
  const found = tryTraining({ ...given, net, dataset });
  checkParameters(); // the first call of forward may make layers
  return {
    ...given,
    callbacks: [...callbacks], // the list of the caller may change
    net,
    dataset,
    validation,
    metrics: found,
    signal: given.signal,
    checkpoints,
    batches: count,
    samples: dropLast ? count * batchSize : dataset.size,
    settings: { batchSize, samples: dataset.size, dropLast, stream: rng.state().stream },
    checkParameters,
  };
}

/** Refuses validation data with other inputs than the training data. */
function checkSameInputs({ inputNames }: AnyDataset, { inputNames: found }: AnyDataset): void {
  if (String(inputNames?.slice().sort()) === String(found?.slice().sort())) return;
  const listed = (names: readonly string[] | undefined): string =>
    names === undefined ? "one input without a name" : `the inputs ${names.map(show).join(", ")}`;
  throw new ArgumentError(
    `fit: validation has ${listed(found)}, and the training data have ${listed(inputNames)}`,
  );
}

/** Refuses an optimizer and callbacks that a checkpoint could not restore. */
function checkStates(optimizer: StepTaker, callbacks: readonly Callback[]): void {
  if (!isStateful(optimizer)) {
    throw new ArgumentError("fit: checkpoint needs an optimizer with state() and restore(state)");
  }
  check("fit: checkpoint", "the optimizer's stepCount", optimizer.stepCount, ranges.count);
  for (const { state, restore, name } of callbacks) {
    if (typeof state !== "function" || typeof restore === "function") continue;
    throw new ArgumentError(
      `fit: checkpoint needs restore(state) beside state() in the callback ${show(name)}: what it saves could not be loaded`,
    );
  }
  const names = callbacks.filter((callback) => callback.state).map(({ name }) => name);
  names.forEach((name, i) => {
    if (typeof name !== "string" || names.indexOf(name) < i) {
      throw new ArgumentError(
        `fit: checkpoint needs a name of its own for each callback with a state, got ${show(name)}`,
      );
    }
  });
}
