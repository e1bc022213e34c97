import { linear, matmul, type Parameter, type Rng, type Tensor, zeros } from "@gradus/core";
import { checkInput, checkRng, checkSize } from "../checks.ts";
import { type Initializer, initialize, lecunNormal } from "../initializers.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";

/** An element-wise function such as `selu`, applied to what a layer computes. */
export type Activation = (x: Tensor) => Tensor;

/** Options of {@link Dense}. */
export interface DenseOptions {
  /** The stream the initial values are drawn from: first the weight, then the bias. */
  readonly rng: Rng;
  /** Initial weight. Default `lecunNormal`: variance 1/in. */
  readonly init?: Initializer;
  /** Whether there is a bias. Default true. */
  readonly bias?: boolean;
  /** Initial bias. Default `zeros`. */
  readonly biasInit?: Initializer;
  /** Applied to the result. Default: none. */
  readonly activation?: Activation;
}

/**
 * A fully connected layer: every output is a weighted sum of all inputs, y = x·W + b.
 *
 * Training and evaluation are the same.
 *
 * @param inputSize number of inputs, ≥ 1.
 * @param outputSize number of outputs, ≥ 1.
 * @param options see {@link DenseOptions}; `rng` is required.
 *
 * Shapes: x [..., in], weight [in, out], bias [out] → [..., out].
 *
 * @example
 * const hidden = new Dense(784, 512, { rng: rng.split("hidden"), activation: selu });
 * hidden.forward(images); // [32, 784] → [32, 512]
 */
export class Dense implements Layer {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly activation: Activation | null;

  constructor(inputSize: number, outputSize: number, options: DenseOptions) {
    checkSize("Dense: the number of inputs", inputSize);
    checkSize("Dense: the number of outputs", outputSize);
    const who = `Dense(${inputSize}, ${outputSize})`;
    checkRng(`${who}: rng`, options?.rng);
    const { rng, init = lecunNormal, bias = true, biasInit = zeros, activation = null } = options;
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.weight = initialize(who, init, [inputSize, outputSize], rng);
    this.bias = bias ? initialize(who, biasInit, [outputSize], rng) : null;
    this.activation = activation;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checkInput(this, x.shape.at(-1) === this.inputSize, x.shape, `[..., ${this.inputSize}]`);
    const y = this.bias ? linear(x, this.weight, this.bias) : matmul(x, this.weight);
    return this.activation ? this.activation(y) : y;
  }

  toString(): string {
    const { activation, bias } = this;
    const named = activation as { readonly spec?: { readonly name: string }; readonly name: string } | null;
    const options = [
      ...(named ? [`activation=${named.spec?.name ?? (named.name || "function")}`] : []),
      ...(bias ? [] : ["bias=false"]),
    ];
    return `Dense(${[this.inputSize, this.outputSize, ...options].join(", ")})`;
  }
}
