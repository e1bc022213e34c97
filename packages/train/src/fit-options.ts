import {
  ArgumentError,
  formatShape,
  type Range,
  Rng,
  ranges,
  resolveOptions,
  show,
  type Tensor,
} from "@gradus/core";
import { batches, type Dataset } from "@gradus/data";
import { type Layer, namedParameters } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import { type Callback, checkCallbacks, type Loss, type StepTaker } from "./callbacks.ts";
import { isStateful } from "./checkpoint/checkpoint.ts";
import { Checkpointer, type CheckpointOptions } from "./checkpoint/checkpointer.ts";
import { checkDataset, checkedLater, checkNet, lossFunction } from "./checks.ts";
import { checkMetrics, type Metric } from "./metrics.ts";
import { ON_NAN, type OnNaN } from "./on-nan.ts";
import type { Settings } from "./state.ts";
import { tryTraining } from "./trial.ts";
import type { Abortable } from "./yield-to-events.ts";

/** Options of `fit`. */
export interface FitOptions {
  /** Changes the weights; made for this net: `new Adam(namedParameters(net))`. */
  readonly optimizer: StepTaker;
  /** The mean loss of a batch, as one number. */
  readonly loss: Loss;
  /** The number of the last epoch, ≥ 1: how often to go through the data. */
  readonly epochs: number;
  /** Samples per batch, ≥ 1. The last batch of an epoch is smaller where they do not divide evenly. */
  readonly batchSize: number;
  /**
   * Gives the order of the samples and the random numbers of layers such as dropout. It is not moved on: the same stream
   * gives the same training again.
   */
  readonly rng: Rng;
  /** Measured after each epoch, in evaluation mode. Default: none. */
  readonly validation?: Dataset;
  /** Further values to measure. Default: `{ accuracy }` if targets are class indices, else nothing. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  /** Called at certain moments, in this order. Default: none. */
  readonly callbacks?: readonly Callback[];
  /** Ends training between two batches when aborted, of training or of validation; `fit` then throws its reason. */
  readonly signal?: Abortable;
  /**
   * The answer to the first loss or gradient that is NaN or infinite. It is found before the update, so that the weights are
   * those of the last good step. (Running statistics, as of BatchNorm1d, have followed the bad batch by then; early
   * stopping puts them back to those of its best epoch.)
   *
   * - `"throw"` (the default): a {@link DivergenceError} says where: epoch, batch, step, the loss, and the first parameter
   *   with such a gradient.
   * - `"stop"`: training ends without an error, and `history.stopped` says the same.
   * - `"explain"`: a {@link TrainingNumericsError} is thrown earlier, at the first op, forward, backward or of the update,
   *   that makes NaN or an infinity of finite numbers. It names the op, the layer, the line, the numbers and the samples.
   *   The training is the same to the bit; but steps run op by op, several times as long.
   * - `"ignore"`: training goes on.
   */
  readonly onNaN?: OnNaN;
  /** Whether to leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** The number of the first epoch, to go on with an earlier training. Default 1; `resume` knows it by itself. */
  readonly startEpoch?: number;
  /** Saves all that training must remember, so that it can go on where it stopped. Default: nothing is saved. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * Whether to go on from the newest checkpoint, or from the beginning if there is none yet: the training then goes as if it
   * had never stopped, bit for bit. Default false: there must be no checkpoints yet.
   */
  readonly resume?: boolean;
  /**
   * Whether to compile the step, which is several times as fast and gives the same numbers. The net, the loss and the
   * optimizer then run as code only in the first step: set it to false if one of them counts its calls or decides by
   * something that changes during training. Default true; a step that cannot be compiled runs op by op.
   */
  readonly compile?: boolean;
  /** Whether to add a digest of all tensors of the net to `history.hashes` after each epoch. Default false. */
  readonly hash?: boolean;
}

/** The values that each option may have. */
const allowed: { readonly [K in keyof FitOptions]-?: Range } = {
  optimizer: {
    says: "must be one of @gradus/optim, such as new Adam(namedParameters(net))",
    admits: (value) => typeof (value as StepTaker | null)?.step === "function",
  },
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
  resume: ranges.flag,
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

type Resolved = FitOptions & Required<Pick<FitOptions, keyof typeof defaults>>;

/** Options that were checked, with all defaults filled in. @internal */
export interface CheckedFit extends Required<Omit<FitOptions, "validation" | "signal" | "checkpoint">> {
  readonly net: Layer;
  readonly dataset: Dataset;
  readonly validation: Dataset | undefined;
  readonly signal: Abortable | undefined;
  readonly checkpoints: Checkpointer | undefined;
  /** Batches per epoch. */
  readonly batches: number;
  /** Samples per epoch. */
  readonly samples: number;
  /** The settings that a checkpoint must agree with. */
  readonly settings: Settings;
}

/** Checks all options and tries out on two samples whether they fit together, without changing anything. @internal */
export function checkFit(net: Layer, dataset: Dataset, options: FitOptions): CheckedFit {
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
  if (validation !== undefined) checkDataset("fit: validation", validation);
  checkMetrics("fit", metrics);
  checkCallbacks("fit", callbacks);
  checkTrained(optimizer, net);
  const checkpoints = checkpoint === undefined ? undefined : new Checkpointer(checkpoint);
  if (checkpoints) checkStates(optimizer, callbacks);
  const count = batches(dataset, batchSize, { dropLast }).length; // refuses to drop the only batch
  return {
    ...given,
    net,
    dataset,
    validation,
    metrics: tryTraining({ ...given, net, dataset }),
    signal: given.signal,
    checkpoints,
    batches: count,
    samples: dropLast ? count * batchSize : dataset.size,
    settings: { batchSize, samples: dataset.size, dropLast, stream: rng.state().stream },
  };
}

/** Refuses an optimizer that trains what is not part of the net. */
function checkTrained(optimizer: StepTaker, net: Layer): void {
  if (!(optimizer instanceof Optimizer)) return;
  const own = new Set<Tensor>(namedParameters(net).map(([, parameter]) => parameter));
  const trained = optimizer.parameters;
  const foreign = trained.filter((x) => !own.has(x));
  if (foreign.length === 0) return;
  throw new ArgumentError(
    `fit: ${foreign.length} of the optimizer's ${trained.length} parameters are not part of this net, such as one of ` +
      `shape ${formatShape(foreign[0].shape)}; make the optimizer with namedParameters(net), after the net`,
  );
}

/** Refuses what a checkpoint could not bring back. */
function checkStates(optimizer: StepTaker, callbacks: readonly Callback[]): void {
  if (!isStateful(optimizer)) {
    throw new ArgumentError("fit: checkpoint needs an optimizer with state() and restore(state)");
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
