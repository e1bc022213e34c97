import { formatShape, type Shape, ShapeError } from "@gradus/core";

/** Refuses an input whose shape a layer cannot take. */
export function checkInput(layer: object, fits: boolean, shape: Shape, expected: string): void {
  if (!fits) throw new ShapeError(`${layer}: expects an input ${expected}, got ${formatShape(shape)}`);
}
