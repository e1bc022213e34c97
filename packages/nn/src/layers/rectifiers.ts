import { ArgumentError, celu, elu, leakyRelu, relu, relu6, type Tensor } from "@gradus/core";
import { checkFinite } from "../checks.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";

/**
 * Rectified linear unit: x where x > 0, else 0.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Nair & Hinton 2010, Rectified Linear Units Improve Restricted Boltzmann Machines.
 *
 * @example new Sequential(new Dense(2, 8, { rng, init: heNormal }), new ReLU(), new Dense(8, 1, { rng }));
 */
export class ReLU implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return relu(x);
  }

  toString(): string {
    return "ReLU()";
  }
}

/**
 * ReLU cut off at 6: min(max(x, 0), 6).
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10.
 *
 * @example new ReLU6();
 */
export class ReLU6 implements Layer {
  forward(x: Tensor, _mode?: Mode): Tensor {
    return relu6(x);
  }

  toString(): string {
    return "ReLU6()";
  }
}

/**
 * ReLU that lets a little through: x where x > 0, else slope·x, so that no unit is ever without a gradient.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Maas, Hannun & Ng 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models.
 *
 * @param options `slope`: finite. Default 0.01, the paper's and PyTorch's (Keras has 0.3).
 * @example new LeakyReLU({ slope: 0.2 });
 */
export class LeakyReLU implements Layer {
  readonly slope: number;

  constructor({ slope = 0.01 }: { readonly slope?: number } = {}) {
    checkFinite("LeakyReLU: slope", slope);
    this.slope = slope;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    return leakyRelu(x, { slope: this.slope });
  }

  toString(): string {
    return `LeakyReLU(slope=${this.slope})`;
  }
}

/**
 * Exponential linear unit: x where x > 0, else α(eˣ − 1). Negative values bring the mean closer to 0 than
 * ReLU can.
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Clevert, Unterthiner & Hochreiter 2016, Fast and Accurate Deep Network Learning by Exponential Linear
 * Units.
 *
 * @param options `alpha`: finite. Default 1, the paper's.
 * @example new ELU();
 */
export class ELU implements Layer {
  readonly alpha: number;

  constructor({ alpha = 1 }: { readonly alpha?: number } = {}) {
    checkFinite("ELU: alpha", alpha);
    this.alpha = alpha;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    return elu(x, { alpha: this.alpha });
  }

  toString(): string {
    return `ELU(alpha=${this.alpha})`;
  }
}

/**
 * ELU made smooth at 0 for every α: max(x, 0) + min(0, α(e^(x/α) − 1)).
 *
 * Training and evaluation are the same.  Shapes: any, unchanged.
 *
 * Barron 2017, Continuously Differentiable Exponential Linear Units.
 *
 * @param options `alpha`: finite and not 0. Default 1, where it equals ELU.
 * @example new CELU({ alpha: 0.5 });
 */
export class CELU implements Layer {
  readonly alpha: number;

  constructor({ alpha = 1 }: { readonly alpha?: number } = {}) {
    checkFinite("CELU: alpha", alpha);
    if (alpha === 0) throw new ArgumentError("CELU: alpha must not be 0");
    this.alpha = alpha;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    return celu(x, { alpha: this.alpha });
  }

  toString(): string {
    return `CELU(alpha=${this.alpha})`;
  }
}
