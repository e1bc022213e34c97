import {
  ArgumentError,
  formatShape,
  nearestName,
  type Range,
  ranges,
  ShapeError,
  show,
  Tensor,
} from "@gradus/core";
import { type AnyDataset, Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import type { StepTaker } from "./callbacks.ts";

/** @throws ArgumentError unless `net` has a forward method. @internal */
export function checkNet(who: string, net: Layer<never>): void {
  if (typeof net?.forward === "function") return;
  const given = net as unknown;
  const isClass = typeof given === "function" && typeof given.prototype?.forward === "function";
  const hint = isClass
    ? `; make one: new ${given.name}(…)`
    : Array.isArray(given) || typeof given === "function"
      ? "; new Sequential(…) makes one of layers and functions"
      : "";
  throw new ArgumentError(`${who}: a net is an object with a forward method, got ${show(given)}${hint}`);
}

/** @throws ArgumentError unless `dataset` is a Dataset with at least one sample. @internal */
export function checkDataset(who: string, dataset: AnyDataset): void {
  if (!(dataset instanceof Dataset)) {
    throw new ArgumentError(
      `${who}: needs a Dataset of @gradus/data, got ${show(dataset)}; ${wayToDataset(dataset)}`,
    );
  }
  if (dataset.size === 0) throw new ArgumentError(`${who}: the dataset is empty`);
}

/** The way out for what is no dataset, as the end of a message. */
function wayToDataset(given: unknown): string {
  if (typeof given === "number") return "dataset.split(0.8, rng) divides one into two parts";
  const { inputs, targets } = Object(given) as Readonly<Record<string, unknown>>;
  if (inputs !== undefined && targets !== undefined) return "make one: new Dataset({ inputs, targets })";
  const array = Array.isArray(given) || ArrayBuffer.isView(given);
  const batches = typeof given === "object" && given !== null && Symbol.iterator in given && !array;
  return batches
    ? "pass the dataset itself and the option batchSize"
    : "make one of inputs and targets: new Dataset({ inputs: x, targets: y })";
}

/** The losses of core, for "did you mean". @internal */
export const LOSSES: readonly string[] =
  "mse l1 huber smoothL1 crossEntropy nll bceWithLogits bce klDiv".split(" ");

/** The range of a loss option: a function. @internal */
export const lossFunction: Range = /* @__PURE__ */ ranges.functionNamed(
  "must be a function (output, targets) => Tensor such as crossEntropy",
  LOSSES,
);

/** The optimizers of optim, for "did you mean". @internal */
export const OPTIMIZERS: readonly string[] =
  "SGD Adam AdamW RMSprop Adagrad Adadelta Adamax NAdam RAdam".split(" ");

/** The range of the optimizer of a training: an object with a method `step`. @internal */
export const optimizerRange: Range = {
  says: "must be one of @gradus/optim, such as new Adam(namedParameters(net))",
  admits: (value) => typeof (value as StepTaker | null)?.step === "function",
  hint(value) {
    const name = typeof value === "function" ? value.name : value;
    const near = typeof name === "string" ? nearestName(name, OPTIMIZERS) : undefined;
    return near === undefined ? undefined : `make one: new ${near}(namedParameters(net))`;
  },
};

/** The range of an option that is checked later, by a function with more detailed messages. @internal */
export const checkedLater: Range = { says: "", admits: () => true };

/** The number that a loss function returned. @throws ArgumentError if it is not one number in a tensor. @internal */
export function lossValue(loss: Tensor): number {
  if (!(loss instanceof Tensor)) {
    throw new ArgumentError(`the loss must be a tensor of one number, got ${show(loss)}`);
  }
  if (loss.size === 1) return loss.data[0];
  throw new ShapeError(
    `the loss must be one number, the mean over the batch, got shape ${formatShape(loss.shape)}; ` +
      'use reduction: "mean" or take the mean',
  );
}

/** @throws ArgumentError for an output of a net that is no tensor, such as a promise. @internal */
export function checkOutput(who: string, output: unknown): asserts output is Tensor {
  if (output instanceof Tensor) return;
  throw new ArgumentError(`${who}the net's forward must return a tensor, got ${show(output)}`);
}
