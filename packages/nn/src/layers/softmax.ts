import { logSoftmax, softmax, type Tensor } from "@gradus/core";
import { checkAxis, checkInput } from "../checks.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";

/** Options of {@link Softmax} and {@link LogSoftmax}. */
export interface SoftmaxOptions {
  /** The axis that sums to 1, counted from the back if negative. Default -1. */
  readonly axis?: number;
}

/**
 * Softmax: exp(x)/Σexp(x), positive numbers that sum to 1 along an axis. For a loss, keep the logits and use
 * `crossEntropy`, which is exact where softmax rounds to 0 or 1.
 *
 * Training and evaluation are the same.  Shapes: any with that axis, unchanged.
 *
 * @param options see {@link SoftmaxOptions}.
 * @example new Sequential(new Dense(64, 10, { rng }), new Softmax());
 */
export class Softmax implements Layer {
  readonly axis: number;

  constructor({ axis = -1 }: SoftmaxOptions = {}) {
    checkAxis("Softmax: axis", axis);
    this.axis = axis;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checkInput(this, hasAxis(x, this.axis), x.shape, `with an axis ${this.axis}`);
    return softmax(x, { axis: this.axis });
  }

  toString(): string {
    return `Softmax(${this.axis === -1 ? "" : `axis=${this.axis}`})`;
  }
}

/**
 * Logarithm of softmax: x − log Σexp(x), exact also where softmax rounds to 0. Goes with the loss `nll`.
 *
 * Training and evaluation are the same.  Shapes: any with that axis, unchanged.
 *
 * @param options see {@link SoftmaxOptions}.
 * @example new Sequential(new Dense(64, 10, { rng }), new LogSoftmax());
 */
export class LogSoftmax implements Layer {
  readonly axis: number;

  constructor({ axis = -1 }: SoftmaxOptions = {}) {
    checkAxis("LogSoftmax: axis", axis);
    this.axis = axis;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checkInput(this, hasAxis(x, this.axis), x.shape, `with an axis ${this.axis}`);
    return logSoftmax(x, { axis: this.axis });
  }

  toString(): string {
    return `LogSoftmax(${this.axis === -1 ? "" : `axis=${this.axis}`})`;
  }
}

function hasAxis(x: Tensor, axis: number): boolean {
  return axis < 0 ? axis >= -x.rank : axis < x.rank;
}
