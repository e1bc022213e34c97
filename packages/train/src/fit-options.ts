import { ArgumentError, Rng, show } from "@gradus/core";
import { batches, type Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { checkCallbacks } from "./callback-list.ts";
import type { Callback, Loss, StepTaker } from "./callbacks.ts";
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
  /** Whether to leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** The number of the first epoch, to go on with an earlier training. Default 1. */
  readonly startEpoch?: number;
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
  "dropLast",
  "startEpoch",
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
  readonly dropLast: boolean;
  readonly startEpoch: number;
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
  checkLoss("fit", loss);
  checkCount("fit: epochs", epochs);
  checkCount("fit: batchSize", batchSize);
  checkCount("fit: startEpoch", startEpoch);
  if (startEpoch > epochs) {
    throw new ArgumentError(
      `fit: there is nothing to do from epoch ${startEpoch} to ${epochs}; epochs is the number of the last epoch`,
    );
  }
  checkFlag("fit: stopOnNaN", stopOnNaN);
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
  const plan = { net, dataset, optimizer, loss, epochs, batchSize, rng, validation, callbacks, signal };
  return {
    ...plan,
    stopOnNaN,
    dropLast,
    startEpoch,
    hash,
    compile,
    metrics: tryOut({ ...plan, dropLast, metrics }),
  };
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
