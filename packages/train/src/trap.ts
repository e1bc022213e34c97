import { ArgumentError, formatShape, NumericsError, type Shape, Tensor, trapNumerics } from "@gradus/core";
import type { PassBatch } from "@gradus/data";
import { type Layer, namedParameters, namedTensors } from "@gradus/nn";
import type { BatchLog } from "./callbacks.ts";
import { withLayerPaths } from "./layer-paths.ts";

/**
 * An op of a training step computed NaN or an infinity from finite numbers, or NaN from operands without NaN, under `fit` with `onNaN: "explain"`. A
 * NumericsError with the epoch, batch, step and samples.
 */
export class TrainingNumericsError extends NumericsError {
  override name = "TrainingNumericsError";
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
  /** The samples of the batch: their indices in the dataset. */
  readonly rows: readonly number[];
  /**
   * The sample that the element belongs to, if the first axis of the op's result has the size of the batch and is therefore
   * taken to be the batch axis; else null.
   */
  readonly row: number | null;

  /** @internal */
  constructor(
    cause: NumericsError,
    { epoch, batch, step }: BatchLog,
    rows: readonly number[],
    row: number | null,
  ) {
    const sample =
      row === null ? "" : `; if the first axis is the batch, ${formatShape(cause.index)} is of row ${row}`;
    const weights = cause.phase === "update" ? "" : "; the weights are left as they were before that step";
    super(
      `fit: ${cause.message}; in epoch ${epoch}, batch ${batch} (step ${step}): ${listed(rows)} of the dataset${sample}${weights}`,
      cause,
      { cause },
    );
    this.epoch = epoch;
    this.batch = batch;
    this.step = step;
    this.rows = rows;
    this.row = row;
  }
}

type AnyPassBatch = PassBatch<string>;

/** Runs a part of the step of a batch. @internal */
export type StepPart = <T>(batch: AnyPassBatch, log: BatchLog, part: () => T) => T;

/** Runs the part without a trap. @internal */
export const unwatched: StepPart = (_batch, _log, part) => part();

/**
 * For `onNaN: "explain"`: runs parts of steps under the NaN trap, with the names of tensors and layers.
 *
 * @returns a function that throws TrainingNumericsError, or ArgumentError if the batch or the weights are already not
 *   finite. @internal
 */
export function explainNaN(net: Layer<never>): StepPart {
  return (batch, log, part) => {
    checkBefore(net, batch, log);
    try {
      return trapNumerics((trap) => {
        for (const [name, x] of namedTensors(net)) trap.name(x, name);
        for (const [name, x] of inputsOf(batch)) trap.name(x, `the batch's ${name}`);
        trap.name(batch.targets, "the batch's targets");
        return withLayerPaths(net, trap, part);
      });
    } catch (error) {
      if (!(error instanceof NumericsError)) throw error;
      throw new TrainingNumericsError(error, log, [...batch.indices], rowOf(net, error, batch));
    }
  };
}

/** Refuses data and weights that are not finite before the step: no op of the step computed them. */
function checkBefore(net: Layer<never>, batch: AnyPassBatch, log: BatchLog): void {
  const { indices } = batch;
  const when = `batch ${log.batch} of epoch ${log.epoch} (step ${log.step})`;
  for (const [what, x] of [...inputsOf(batch), ["targets", batch.targets] as const]) {
    const place = firstNonFinite(x);
    if (place === -1) continue;
    const size = x.size / indices.length;
    throw new ArgumentError(
      `fit: the ${what} of ${when} hold ${x.data[place]} at row ${indices[Math.floor(place / size)]} of the dataset` +
        `${size === 1 ? "" : `, position ${place % size}`}: look at that sample and at the dataset's transform`,
    );
  }
  for (const [name, x] of namedParameters(net)) {
    const place = firstNonFinite(x);
    if (place === -1) continue;
    throw new ArgumentError(
      `fit: the weights ${name} ${formatShape(x.shape)} hold ${x.data[place]} at position ${place} before ${when}: ` +
        "no op of the training made it; look at how they were initialized, loaded or changed",
    );
  }
}

/** The sample that an element belongs to, if the first axis may be the batch axis and the tensor is no parameter's gradient. */
function rowOf(
  net: Layer<never>,
  { phase, shape, index }: NumericsError,
  { indices }: AnyPassBatch,
): number | null {
  const same = (x: Tensor): boolean => formatShape(x.shape) === formatShape(shape);
  if (phase === "update" || !startsWith(shape, indices.length)) return null;
  if (phase === "backward" && namedParameters(net).some(([, x]) => same(x))) return null;
  return indices[index[0]];
}

function startsWith(shape: Shape, size: number): boolean {
  return shape.length > 0 && shape[0] === size;
}

/** The inputs of a batch with what they are called in messages. */
function inputsOf({ inputs }: AnyPassBatch): (readonly [what: string, x: Tensor])[] {
  if (inputs instanceof Tensor) return [["inputs", inputs]];
  return Object.entries(inputs).map(([name, x]) => [`input ${name}`, x]);
}

function firstNonFinite({ data }: Tensor): number {
  return data.findIndex((value) => !Number.isFinite(value));
}

/** `rows 4, 17, 2`, cut short for a large batch. */
function listed(rows: readonly number[]): string {
  const shown = rows.slice(0, 8).join(", ");
  if (rows.length === 1) return `row ${shown}`;
  return `rows ${shown}${rows.length > 8 ? `, … (${rows.length} in all)` : ""}`;
}
