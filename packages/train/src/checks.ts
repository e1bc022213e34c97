import { ArgumentError, show } from "@gradus/core";
import { Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";

/** Refuses anything but a whole number ≥ 1. @internal */
export function checkCount(what: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new ArgumentError(`${what} must be a whole number ≥ 1, got ${show(value)}`);
  }
}

/** Refuses what is no net. @internal */
export function checkNet(who: string, net: Layer): void {
  if (typeof net?.forward !== "function") {
    throw new ArgumentError(`${who}: a net is an object with a forward method, got ${show(net)}`);
  }
}

/** Refuses what is no dataset, and one without samples. @internal */
export function checkDataset(who: string, dataset: Dataset): void {
  if (!(dataset instanceof Dataset)) {
    throw new ArgumentError(`${who}: needs a Dataset of @gradus/data, got ${show(dataset)}`);
  }
  if (dataset.size === 0) throw new ArgumentError(`${who}: the dataset is empty`);
}

/** Refuses anything but a function. @internal */
export function checkLoss(who: string, loss: unknown): void {
  if (typeof loss === "function") return;
  throw new ArgumentError(
    `${who}: loss must be a function (output, targets) => Tensor such as crossEntropy, got ${show(loss)}`,
  );
}

/** Refuses options that do not exist, which plain JavaScript would silently ignore. @internal */
export function checkOptions(who: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(`${who}: needs an options object, got ${show(options)}`);
  }
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new ArgumentError(
      `${who}: there is no option ${unknown.map(show).join(", ")}; there are ${known.join(", ")}`,
    );
  }
}

/** Refuses anything but true and false. @internal */
export function checkFlag(what: string, value: unknown): void {
  if (typeof value !== "boolean") {
    throw new ArgumentError(`${what} must be true or false, got ${show(value)}`);
  }
}
