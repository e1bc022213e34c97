import { formatShape, type Shape, ShapeError } from "@gradus/core";

/** Throws unless the input of a layer `fits`. */
export function checkInput(layer: object, fits: boolean, shape: Shape, expected: string): void {
  if (!fits) throw new ShapeError(`${layer}: expects an input ${expected}, got ${formatShape(shape)}`);
}
