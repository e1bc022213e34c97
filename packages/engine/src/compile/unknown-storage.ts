import { ArgumentError, formatShape, type Shape, sizeOf } from "@gradus/core";
import { Storage } from "@gradus/core/internal";

const NOTHING = new Float64Array(0);

/** Elements that are not known yet: those of a tensor inside a function that `compile` is tracing. */
export class UnknownStorage extends Storage {
  readonly shape: Shape;

  constructor(shape: Shape) {
    super(NOTHING);
    this.shape = shape;
  }

  override get data(): Float64Array {
    throw new ArgumentError(
      `compile: the numbers of this tensor of shape ${formatShape(this.shape)} are not known yet, because the function is being ` +
        "traced. Return the tensor and look at the result; to decide by its numbers, use where(condition, x, y)",
    );
  }

  override get size(): number {
    return sizeOf(this.shape);
  }

  override get unknown(): string | null {
    return "being traced";
  }
}
