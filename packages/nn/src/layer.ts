import type { Tensor } from "@gradus/core";
import type { Mode } from "./mode.ts";

/**
 * Anything with a `forward` is a layer, and so is a whole net. Its parameters are its public fields; see
 * `namedParameters`. A `toString` makes messages and summaries readable.
 *
 * @example
 * class Residual implements Layer {
 *   readonly inner: Layer;
 *   constructor(inner: Layer) { this.inner = inner; }
 *   forward(x: Tensor, mode?: Mode): Tensor { return x.add(this.inner.forward(x, mode)); }
 *   toString(): string { return `Residual(${this.inner})`; }
 * }
 */
export interface Layer {
  /** The output for a batch; `mode` says whether to train, and defaults to evaluation. */
  forward(x: Tensor, mode?: Mode): Tensor;
}
