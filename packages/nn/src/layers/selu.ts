import { selu, type Tensor } from "@gradus/core";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";

/**
 * Scaled exponential linear unit: λx where x > 0, else λα(eˣ − 1).
 *
 * λ ≈ 1.0507 and α ≈ 1.6733 are chosen so that units of mean 0 and variance 1 stay so from layer to layer,
 * and are drawn back to it when they stray. For that, inputs must be standardised, weights LeCun normal
 * (variance 1/fan_in), and dropout, if any, `AlphaDropout`.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Klambauer et al. 2017, Self-Normalizing Neural Networks, eq. 2; the constants are its eq. 14.
 *
 * @example new Sequential(new Dense(784, 512, { rng }), new SELU(), new AlphaDropout(0.05));
 */
export class SELU implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return selu(x);
  }

  toString(): string {
    return "SELU()";
  }
}
