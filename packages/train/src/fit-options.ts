import { ArgumentError, Rng, show } from "@gradus/core";
import { batches, type Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { checkCallbacks } from "./callback-list.ts";
import type { Callback, Loss, StepTaker } from "./callbacks.ts";
import { Checkpointer, type CheckpointOptions } from "./checkpoint/checkpointer.ts";
import type { Stateful } from "./checkpoint/stateful.ts";
import { checkCount, checkDataset, checkFlag, checkLoss, checkNet, checkOptions } from "./checks.ts";
import { checkMetrics } from "./metric-names.ts";
import type { Metric, Metrics } from "./metrics.ts";
import { checkOptimizer, rehearse } from "./rehearsal.ts";

/** What `fit` asks of an AbortSignal. */
export interface Abortable {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/** Options of `fit`. */
export interface FitOptions {
  /** What changes the weights, made for this net: `new Adam(namedParameters(net))`. */
  readonly optimizer: StepTaker;
  /** The mean loss of a batch, as one number. */
  readonly loss: Loss;
  /** The number of the last epoch, ≥ 1: how often to go through the data. */
  readonly epochs: number;
  /** Samples per batch, ≥ 1. The last batch of an epoch is smaller where they do not divide evenly. */
  readonly batchSize: number;
  /**
   * Where the order of the samples and the numbers of layers such as dropout come from. It is not moved on: the same
   * stream gives the same training again.
   */
  readonly rng: Rng;
  /** Measured after each epoch, in evaluation mode. Default: none. */
  readonly validation?: Dataset;
  /** What else to measure. Default: `{ accuracy }` if targets are class indices, else nothing. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  /** What else to do at certain moments, in this order. Default: nothing. */
  readonly callbacks?: readonly Callback[];
  /** Ends training between two batches when aborted, of training or of validation; `fit` then throws its reason. */
  readonly signal?: Abortable;
  /** Whether to throw at the first loss or gradient that is NaN or infinite. Default true. */
  readonly stopOnNaN?: boolean;
  /**
   * `"trap"` finds the op where NaN or an infinity begins: a training step then throws a {@link TrainingNumericsError} at
   * the first op, forward, backward or of the update, that makes one of finite numbers. It names the layer, the line, the
   * numbers and the samples, and the training is the same to the bit; but steps run op by op, several times as long.
   * Default: off, which costs nothing; `stopOnNaN` then sees that it happened, not where.
   */
  readonly numerics?: "trap";
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
   * Whether to record the step once and replay it, which is several times as fast and gives the same numbers. The net, the
   * loss and the optimizer then run as code only while they are recorded: set it to false if one of them counts its calls
   * or decides by something that changes during training. Default true; a step that cannot be recorded runs op by op.
   */
  readonly compile?: boolean;
  /** Whether to add a digest of all tensors of the net to `history.hashes` after each epoch. Default false. */
  readonly hash?: boolean;
}

const known: readonly string[] = [
  "optimizer",
  "loss",
  "epochs",
  "batchSize",
  "rng",
  "validation",
  "metrics",
  "callbacks",
  "signal",
  "stopOnNaN",
  "numerics",
  "dropLast",
  "startEpoch",
  "checkpoint",
  "resume",
  "hash",
  "compile",
] satisfies (keyof FitOptions)[];

/** Options that were checked, with all defaults filled in. @internal */
export interface Plan {
  readonly net: Layer;
  readonly dataset: Dataset;
  readonly optimizer: StepTaker;
  readonly loss: Loss;
  readonly epochs: number;
  readonly batchSize: number;
  readonly rng: Rng;
  readonly validation: Dataset | undefined;
  readonly metrics: Metrics;
  readonly callbacks: readonly Callback[];
  readonly signal: Abortable | undefined;
  readonly stopOnNaN: boolean;
  readonly numerics: "trap" | undefined;
  readonly dropLast: boolean;
  readonly startEpoch: number;
  readonly checkpoints: Checkpointer | undefined;
  readonly resume: boolean;
  readonly hash: boolean;
  readonly compile: boolean;
}

/** Checks all options and tries out on two samples whether they fit together, without changing anything. @internal */
export function planFit(net: Layer, dataset: Dataset, options: FitOptions): Plan {
  checkNet("fit", net);
  checkDataset("fit", dataset);
  checkOptions("fit", options, known);
  const { optimizer, loss, epochs, batchSize, rng, validation, metrics, callbacks = [], signal } = options;
  const { stopOnNaN = true, dropLast = false, startEpoch = 1, hash = false, compile = true } = options;
  const { checkpoint, resume = false } = options;
  checkLoss("fit", loss);
  checkCount("fit: epochs", epochs);
  checkCount("fit: batchSize", batchSize);
  checkCount("fit: startEpoch", startEpoch);
  if (startEpoch > epochs) {
    throw new ArgumentError(
      `fit: there is nothing to do from epoch ${startEpoch} to ${epochs}; epochs is the number of the last epoch`,
    );
  }
  checkFlag("fit: resume", resume);
  if (resume && (checkpoint === undefined || startEpoch !== 1)) {
    throw new ArgumentError(
      `fit: resume ${checkpoint ? "finds the epoch to go on with by itself: leave startEpoch out" : "needs checkpoint: { dir }"}`,
    );
  }
  checkFlag("fit: stopOnNaN", stopOnNaN);
  const { numerics } = options;
  if (numerics !== undefined && numerics !== "trap") {
    throw new ArgumentError(`fit: numerics must be "trap" or left out, got ${show(numerics)}`);
  }
  checkFlag("fit: dropLast", dropLast);
  checkFlag("fit: hash", hash);
  checkFlag("fit: compile", compile);
  if (!(rng instanceof Rng)) {
    throw new ArgumentError(`fit: rng must be a random stream from createRng(seed), got ${show(rng)}`);
  }
  if (validation !== undefined) checkDataset("fit: validation", validation);
  if (metrics !== undefined) checkMetrics("fit", metrics);
  checkCallbacks("fit", callbacks);
  if (signal !== undefined && typeof signal?.aborted !== "boolean") {
    throw new ArgumentError(`fit: signal must be an AbortSignal, got ${show(signal)}`);
  }
  checkOptimizer("fit", optimizer, net);
  const checkpoints = checkpoint && new Checkpointer(checkpoint);
  if (checkpoint) checkStates(optimizer, callbacks);
  const plan = { net, dataset, optimizer, loss, epochs, batchSize, rng, validation, callbacks, signal };
  return {
    ...plan,
    stopOnNaN,
    numerics,
    dropLast,
    startEpoch,
    checkpoints,
    resume,
    hash,
    compile,
    metrics: tryOut({ ...plan, dropLast, metrics }),
  };
}

/** Refuses what a checkpoint could not bring back. */
function checkStates(optimizer: StepTaker, callbacks: readonly Callback[]): void {
  const { state, restore } = optimizer as Partial<Stateful>;
  if (typeof state !== "function" || typeof restore !== "function") {
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

type Trial = Pick<Plan, "net" | "dataset" | "loss" | "batchSize" | "rng" | "validation" | "dropLast"> & {
  readonly metrics: Metrics | undefined;
};

/** A trial of each kind of batch that will come. @returns the metrics to use. */
function tryOut({ net, dataset, loss, batchSize, rng, validation, dropLast, metrics }: Trial): Metrics {
  const { size } = dataset;
  batches(dataset, batchSize, { dropLast }); // refuses to drop the only batch
  const stream = rng.split("rehearsal");
  const chosen = rehearse("fit", { net, loss, metrics }, dataset, Math.min(2, batchSize, size), stream);
  const wanted = { net, loss, metrics: chosen };
  if (batchSize > 1 && size > 1 && size % batchSize === 1 && !dropLast) {
    const who =
      "fit: the last batch of an epoch has one sample (choose another batchSize, or dropLast: true)";
    rehearse(who, wanted, dataset, 1, stream);
  }
  if (validation) rehearse("fit: validation", wanted, validation, Math.min(2, validation.size));
  return chosen;
}
