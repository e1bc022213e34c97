import { ArgumentError, formatShape, type Shape, ShapeError, show, Tensor } from "@gradus/core";
import { isNamedInputs } from "@gradus/core/internal";

/** `structuredClone` and `postMessage` refuse symbols, and show this text; a layer without tensors would lose its methods. */
export const NOT_CLONED: symbol = Symbol("a layer (make it there, with the same options)");

/** Throws unless the input of a layer `fits`. */
export function checkInput(layer: object, fits: boolean, shape: Shape, expected: string): void {
  if (!fits) throw new ShapeError(`${layer}: expects an input ${expected}, got ${formatShape(shape)}`);
}

/** Throws unless the input of a layer is a tensor, and says how to get one from what was given. */
export function checkTensor(layer: object, x: unknown): void {
  if (x instanceof Tensor) return;
  const name = String(layer).split("\n")[0].replace(/\($/, "");
  throw new ArgumentError(`${name}: forward takes a tensor, got ${show(x)}${wayToTensor(x)}`);
}

/** Whether a value is a whole batch of a dataset. */
export function isBatch(x: object): boolean {
  return Object.hasOwn(x, "inputs") && Object.hasOwn(x, "targets");
}

function wayToTensor(given: unknown): string {
  if (isNamedInputs(given) && !isBatch(given)) {
    const names = Object.keys(given).join(", ");
    return `; a layer that takes several inputs by name must put them together: forward({ ${names} }, mode)`;
  }
  const { batch, inputs, targets, storage } = Object(given) as Readonly<Record<string, unknown>>;
  if (typeof batch === "function") return "; predict(net, dataset) goes through a dataset";
  if ((inputs instanceof Tensor || isNamedInputs(inputs)) && targets instanceof Tensor)
    return "; pass batch.inputs";
  if (storage !== undefined) return ""; // a tensor of another copy of gradus, as `show` says
  if (ArrayBuffer.isView(given))
    return "; tensor(numbers, [n, ...]) makes one, with n samples in its first axis";
  return Array.isArray(given) ? "; tensor(array) makes one" : "; tensor([[1, 2]]) makes one";
}
