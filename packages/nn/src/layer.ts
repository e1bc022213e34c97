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
 *   forward(x: Tensor, mode?: Mode): Tensor { return add(x, this.inner.forward(x, mode)); }
 *   toString(): string { return `Residual(${this.inner})`; }
 * }
 */
export interface Layer<In = Tensor> {
  /**
   * The output for a batch: a tensor, or, for a net with several inputs, an object of tensors by name, as in
   * `Layer<{ image: Tensor; table: Tensor }>`. `mode` is `{ train: true, rng }` in training; default: evaluation.
   */
  forward(x: In, mode?: Mode): Tensor;
}
