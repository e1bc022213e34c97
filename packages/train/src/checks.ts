import { ArgumentError, formatShape, type Range, ShapeError, show, Tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";

/** @throws ArgumentError unless `net` has a forward method. @internal */
export function checkNet(who: string, net: Layer): void {
  if (typeof net?.forward !== "function") {
    throw new ArgumentError(`${who}: a net is an object with a forward method, got ${show(net)}`);
  }
}

/** @throws ArgumentError unless `dataset` is a Dataset with at least one sample. @internal */
export function checkDataset(who: string, dataset: Dataset): void {
  if (!(dataset instanceof Dataset)) {
    throw new ArgumentError(`${who}: needs a Dataset of @gradus/data, got ${show(dataset)}`);
  }
  if (dataset.size === 0) throw new ArgumentError(`${who}: the dataset is empty`);
}

/** The range of a loss option: a function. @internal */
export const lossFunction: Range = {
  says: "must be a function (output, targets) => Tensor such as crossEntropy",
  admits: (value) => typeof value === "function",
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
