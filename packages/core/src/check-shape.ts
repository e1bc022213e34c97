import { ArgumentError, ShapeError } from "./errors.ts";
import { type Shape, show } from "./shape.ts";

/** The most axes of a tensor, as in NumPy. */
export const MOST_AXES = 64;

/** Returns a private copy of `shape`, or throws if a size is not a whole number ≥ 0 or the product is not exact. */
export function checkShape(shape: Shape, who: string): Shape {
  if (!Array.isArray(shape))
    throw new ArgumentError(`${who}: a shape is an array of sizes, got ${show(shape)}`);
  if (shape.length > MOST_AXES) throw new ShapeError(`${who}: a tensor has at most ${MOST_AXES} axes`);
  let size = 1;
  // An index loop, because `for … of` and `every` treat the holes of a sparse array differently.
  for (let axis = 0; axis < shape.length; axis++) {
    const dimension: unknown = shape[axis];
    if (typeof dimension !== "number" || !Number.isSafeInteger(dimension) || dimension < 0) {
      throw new ShapeError(`${who}: size ${show(dimension)} at axis ${axis} is not a whole number ≥ 0`);
    }
    size *= dimension;
    if (!Number.isSafeInteger(size)) {
      throw new ShapeError(`${who}: shape ${show(shape)} has more than 2^53 elements`);
    }
  }
  return shape.map((dimension) => dimension + 0); // + 0 turns -0 into 0
}
