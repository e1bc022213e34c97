import {
  ArgumentError,
  gelu,
  hardtanh,
  logSigmoid,
  mish,
  show,
  sigmoid,
  silu,
  softplus,
  softsign,
  type Tensor,
  tanh,
} from "@gradus/core";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";

/** Which form of {@link GELU}: the exact one, or the one with tanh that older models were trained with. */
export type GeluForm = "none" | "tanh";

/**
 * Gaussian error linear unit: x·Φ(x), a smooth gate that opens with x.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Hendrycks & Gimpel 2016, Gaussian Error Linear Units, section 2.
 *
 * @param options `approximate`: "none" (default, exact) or "tanh".
 * @example new GELU({ approximate: "tanh" });
 */
export class GELU implements Layer {
  readonly approximate: GeluForm;

  constructor({ approximate = "none" }: { readonly approximate?: GeluForm } = {}) {
    if (approximate !== "none" && approximate !== "tanh") {
      throw new ArgumentError(`GELU: approximate must be "none" or "tanh", got ${show(approximate)}`);
    }
    this.approximate = approximate;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    return gelu(x, { approximate: this.approximate });
  }

  toString(): string {
    return this.approximate === "none" ? "GELU()" : `GELU(approximate=${this.approximate})`;
  }
}

/**
 * Sigmoid linear unit, also called swish: x·σ(x).
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Elfwing, Uchibe & Doya 2018, Sigmoid-Weighted Linear Units, section 2.
 *
 * @example new SiLU();
 */
export class SiLU implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return silu(x);
  }

  toString(): string {
    return "SiLU()";
  }
}

/**
 * Mish: x·tanh(softplus(x)).
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Misra 2020, Mish: A Self Regularized Non-Monotonic Activation Function.
 *
 * @example new Mish();
 */
export class Mish implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return mish(x);
  }

  toString(): string {
    return "Mish()";
  }
}

/**
 * Logistic sigmoid: σ(x) = 1/(1 + e⁻ˣ), in (0, 1). For a loss, keep the logits and use `bceWithLogits`.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * @example new Sigmoid();
 */
export class Sigmoid implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return sigmoid(x);
  }

  toString(): string {
    return "Sigmoid()";
  }
}

/**
 * Logarithm of the sigmoid, exact also where σ(x) rounds to 0 or 1: −log(1 + e⁻ˣ).
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * @example new LogSigmoid();
 */
export class LogSigmoid implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return logSigmoid(x);
  }

  toString(): string {
    return "LogSigmoid()";
  }
}

/**
 * Hyperbolic tangent, in (−1, 1).
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * LeCun et al. 1998, Efficient BackProp, §4.4, on why it beats the sigmoid.
 *
 * @example new Tanh();
 */
export class Tanh implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return tanh(x);
  }

  toString(): string {
    return "Tanh()";
  }
}

/**
 * Smooth ReLU: log(1 + eˣ), always positive.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * @example new Softplus();
 */
export class Softplus implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return softplus(x);
  }

  toString(): string {
    return "Softplus()";
  }
}

/**
 * Softsign: x/(1 + |x|), in (−1, 1) with slower tails than tanh.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Glorot & Bengio 2010, section 3.
 *
 * @example new Softsign();
 */
export class Softsign implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return softsign(x);
  }

  toString(): string {
    return "Softsign()";
  }
}

/**
 * x kept within [low, high].
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * @param options `low` and `high`, low < high. Default −1 and 1.
 * @example new Hardtanh({ low: 0, high: 1 });
 */
export class Hardtanh implements Layer {
  readonly low: number;
  readonly high: number;

  constructor({ low = -1, high = 1 }: { readonly low?: number; readonly high?: number } = {}) {
    if (!(low < high)) {
      throw new ArgumentError(`Hardtanh: needs low < high, got ${show(low)} and ${show(high)}`);
    }
    this.low = low;
    this.high = high;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    return hardtanh(x, { low: this.low, high: this.high });
  }

  toString(): string {
    return `Hardtanh(low=${this.low}, high=${this.high})`;
  }
}
